package io.drover.manage;

import io.drover.guard.ToolRegistry;
import io.drover.hold.HoldsInForce;
import io.drover.start.Periodic;
import io.drover.task.WorkflowRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jmx.export.MBeanExporter;
import org.springframework.stereotype.Component;

/** Keeps an MBean for each tool and workflow that is loaded; they come and go with the files. */
@Component
class ManagedRoutes {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ObjectProvider<MBeanExporter> exporter;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final HoldsInForce holds;
    private final Map<ObjectName, Object> exported = new HashMap<>();
    private volatile @Nullable Periodic clock;

    ManagedRoutes(
            ObjectProvider<MBeanExporter> exporter,
            ToolRegistry tools,
            WorkflowRegistry workflows,
            HoldsInForce holds) {
        this.exporter = exporter;
        this.tools = tools;
        this.workflows = workflows;
        this.holds = holds;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        MBeanExporter jmx = exporter.getIfAvailable();
        if (jmx != null) { // else spring.jmx.enabled is false
            Periodic periodic = new Periodic("mbeans", PERIOD, () -> keepUp(jmx));
            clock = periodic;
            periodic.start(Duration.ZERO);
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        if (clock != null) {
            clock.close();
        }
    }

    private void keepUp(MBeanExporter jmx) {
        Map<ObjectName, Object> wanted = new HashMap<>();
        tools.current().all().keySet().forEach(name -> wanted.put(name("Tool", name), new ManagedTool(name, tools)));
        workflows
                .all()
                .keySet()
                .forEach(name -> wanted.put(name("Workflow", name), new ManagedWorkflow(name, workflows, holds)));
        Set<ObjectName> gone = new HashSet<>(exported.keySet());
        gone.removeAll(wanted.keySet());
        gone.forEach(name -> {
            jmx.unregisterManagedResource(name);
            exported.remove(name);
        });
        wanted.keySet().removeAll(exported.keySet());
        wanted.forEach((name, bean) -> {
            jmx.registerManagedResource(bean, name);
            exported.put(name, bean);
        });
    }

    private static ObjectName name(String type, String name) {
        try {
            return new ObjectName("io.drover:type=%s,name=%s".formatted(type, ObjectName.quote(name)));
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException("a quoted name is well formed: " + name, e);
        }
    }
}
