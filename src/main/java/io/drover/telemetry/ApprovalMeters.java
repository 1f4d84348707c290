package io.drover.telemetry;

import io.drover.journal.ApprovalListener;
import io.drover.journal.Approvals;
import io.drover.journal.StandingGrants;
import io.micrometer.core.instrument.Counter;
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
    private final ObjectProvider<StandingGrants> standing;
    private final MeterRegistry registry;
    private volatile int standingGrants;
    private volatile Approvals.Backlog backlog = new Approvals.Backlog(0, Duration.ZERO);

    ApprovalMeters(
            ObjectProvider<Approvals> approvals, ObjectProvider<StandingGrants> standing, MeterRegistry registry) {
        this.approvals = approvals;
        this.standing = standing;
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
        Gauge.builder("agent.standing.grants", this, meters -> meters.standingGrants)
                .description("Standing grants in force.")
                .strongReference(true)
                .register(registry);
        timer(true);
        timer(false);
        notices("reminder");
        notices("escalation");
    }

    private Counter notices(String occasion) {
        return Counter.builder("agent.approval.notices")
                .description(
                        "Calls of the tools that remind of a call that waits for an approval, or tell others of it.")
                .tag("occasion", occasion)
                .register(registry);
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
        standingGrants = standing.getObject().inForce(null).size();
    }

    @Override
    public void told(String occasion) {
        notices(occasion).increment();
    }

    @Override
    public void decided(boolean approved, Duration waited) {
        timer(approved).record(waited);
    }
}
