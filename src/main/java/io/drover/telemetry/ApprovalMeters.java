package io.drover.telemetry;

import io.drover.journal.ApprovalListener;
import io.drover.journal.Approvals;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Calls that wait for an approval, read in the background, and how long people took to decide. */
@Component
class ApprovalMeters implements Look, ApprovalListener {

    private final ObjectProvider<Approvals> approvals;
    private final MeterRegistry registry;
    private volatile Approvals.Backlog backlog = new Approvals.Backlog(0, Duration.ZERO);

    ApprovalMeters(ObjectProvider<Approvals> approvals, MeterRegistry registry) {
        this.approvals = approvals;
        this.registry = registry;
        Gauge.builder("agent.approvals.pending", this, meters -> meters.backlog.count())
                .description("Calls that wait for an approval.")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "agent.approval.oldest.age",
                        this,
                        meters -> meters.backlog.oldest().toMillis() / 1000.0)
                .description("How long the oldest of them has waited.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        timer(true);
        timer(false);
    }

    private Timer timer(boolean approved) {
        return Timer.builder("agent.approval.decision")
                .description("How long people took to decide about a call.")
                .tag("outcome", approved ? "approved" : "rejected")
                .register(registry);
    }

    @Override
    public String what() {
        return "approvals";
    }

    @Override
    public void look() {
        backlog = approvals.getObject().backlog();
    }

    @Override
    public void decided(boolean approved, Duration waited) {
        timer(approved).record(waited);
    }
}
