package io.drover.manage;

import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import java.util.List;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedOperationParameter;
import org.springframework.jmx.export.annotation.ManagedResource;
import org.springframework.stereotype.Component;

/** What people stopped, for the whole fleet. */
@Component
@ManagedResource(objectName = "io.drover:type=Holds", description = "What is held, for the whole fleet.")
public class ManagedHolds {

    private final HoldsInForce holds;

    ManagedHolds(HoldsInForce holds) {
        this.holds = holds;
    }

    @ManagedAttribute(description = "The holds in force: what, by whom, since when, until when and why.")
    public List<String> getInForce() {
        return holds.all().stream().map(Hold::text).toList();
    }

    @ManagedOperation(description = "Stops something for the whole fleet until it is released. What is held waits.")
    @ManagedOperationParameter(name = "kind", description = "tool, workflow, model, agent, user or all.")
    @ManagedOperationParameter(name = "name", description = "Its name; empty for all.")
    @ManagedOperationParameter(name = "reason", description = "Why.")
    public String hold(String kind, String name, String reason) {
        try {
            Holds.Request request = Holds.Request.of(kind, name.isEmpty() ? null : name, reason, null);
            return holds.set(request, JmxCaller.get()).hold().text();
        } catch (Holds.BadRequestException e) {
            return "refused: " + e.getMessage();
        }
    }

    @ManagedOperation(description = "Releases a hold; what waits for it goes on.")
    @ManagedOperationParameter(name = "id", description = "The number of the hold.")
    public String release(long id) {
        return holds.release(id, JmxCaller.get()) == null ? "there is no hold " + id : "done";
    }
}
