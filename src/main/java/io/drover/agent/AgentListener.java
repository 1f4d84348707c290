package io.drover.agent;

import io.drover.agent.AgentStoppedException.Reason;
import java.math.BigDecimal;

/** Hears of agents; for metrics and the like. It must be quick. */
public interface AgentListener {

    /** An agent has its answer. The cost is that of all its attempts. */
    void answered(String workflow, String agent, int iterations, BigDecimal usd);

    /** An agent was stopped. */
    void stopped(String workflow, String agent, Reason reason);
}
