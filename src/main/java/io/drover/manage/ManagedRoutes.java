package io.drover.manage;

import io.drover.guard.ToolRegistry;
import io.drover.task.WorkflowRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jmx.export.MBeanExporter;
import org.springframework.stereotype.Component;

/** Keeps an MBean for each tool and workflow that is loaded; they come and go with the files. */
@Component
class ManagedRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ManagedRoutes.class);
    private static final int PERIOD_SECONDS = 2;

    private final ObjectProvider<MBeanExporter> exporter;
    private final ToolRegistry tools;
    private final WorkflowRegistry workflows;
    private final Map<ObjectName, Object> exported = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mbeans").factory());

    ManagedRoutes(ObjectProvider<MBeanExporter> exporter, ToolRegistry tools, WorkflowRegistry workflows) {
        this.exporter = exporter;
        this.tools = tools;
        this.workflows = workflows;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        MBeanExporter jmx = exporter.getIfAvailable();
        if (jmx != null) { // else spring.jmx.enabled is false
            clock.scheduleWithFixedDelay(() -> look(jmx), 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.shutdownNow();
    }

    private void look(MBeanExporter jmx) {
        try {
            keepUp(jmx);
        } catch (RuntimeException e) {
            LOG.warn("an MBean of a tool or workflow could not be registered, and is tried again: {}", e.getMessage());
        }
    }

    private void keepUp(MBeanExporter jmx) {
        Map<ObjectName, Object> wanted = new HashMap<>();
        tools.current().all().keySet().forEach(name -> wanted.put(name("Tool", name), new ManagedTool(name, tools)));
        workflows
                .all()
                .keySet()
                .forEach(name -> wanted.put(name("Workflow", name), new ManagedWorkflow(name, workflows)));
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
