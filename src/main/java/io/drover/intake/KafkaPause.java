package io.drover.intake;

import io.drover.route.RouteIds;
import io.drover.task.Backlog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Pauses Kafka triggers while the backlog is full.
 * A poll that is under way when a trigger is paused may still bring one batch.
 */
@Component
class KafkaPause implements Backlog.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPause.class);

    private final CamelContext context;
    private final Set<String> paused = ConcurrentHashMap.newKeySet();

    KafkaPause(CamelContext context) {
        this.context = context;
    }

    @Override
    public void looked(boolean full) {
        if (full) {
            KafkaTriggers.routes(context).forEach(this::pause);
        } else {
            paused.forEach(this::resume);
        }
    }

    private void pause(Route trigger) {
        String id = trigger.getRouteId();
        try {
            if (context.getRouteController().getRouteStatus(id) == ServiceStatus.Started) {
                context.getRouteController().suspendRoute(id);
                paused.add(id);
                LOG.info("trigger {} pauses until the backlog is shorter", RouteIds.logical(id));
            }
        } catch (Exception e) {
            LOG.warn(
                    "trigger {} could not be paused; pausing is tried again: {}", RouteIds.logical(id), e.getMessage());
        }
    }

    private void resume(String id) {
        try {
            if (context.getRouteController().getRouteStatus(id) == ServiceStatus.Suspended) {
                context.getRouteController().resumeRoute(id);
                LOG.info("trigger {} goes on", RouteIds.logical(id));
            }
            paused.remove(id); // it may have been edited or deleted meanwhile
        } catch (Exception e) {
            LOG.warn(
                    "trigger {} could not be resumed; resuming is tried again: {}",
                    RouteIds.logical(id),
                    e.getMessage());
        }
    }
}
