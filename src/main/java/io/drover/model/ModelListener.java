package io.drover.model;

import io.drover.journal.Mode;
import java.math.BigDecimal;

/** Is notified about calls of models, for example for metrics. It must return quickly. */
public interface ModelListener {

    /** A model has answered, and was paid. */
    void answered(String workflow, Mode mode, String model, Usage usage, BigDecimal usd);
}
