package io.drover.agent;

import io.drover.agent.AgentStoppedException.Reason;
import io.drover.journal.Mode;
import java.math.BigDecimal;

/** Is notified about agents, for example for metrics. It must return quickly. */
public interface AgentListener {

    /** An agent has its answer. The cost includes all its attempts. */
    void answered(String workflow, Mode mode, String agent, int iterations, BigDecimal usd);

    /** An agent was stopped. */
    void stopped(String workflow, Mode mode, String agent, Reason reason);
}
