package io.drover.model;

import java.math.BigDecimal;

/** Hears of the calls of models; for metrics and the like. It must be quick. */
public interface ModelListener {

    /** A model has answered, and was paid. */
    void answered(String workflow, String model, Usage usage, BigDecimal usd);
}
