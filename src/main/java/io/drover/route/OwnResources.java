package io.drover.route;

import io.drover.json.Json;
import io.drover.route.check.EndpointUri;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.DelegateEndpoint;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StatefulService;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.RouteDefinition;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** What a route has in the process by a name, and whether it works with it. */
final class OwnResources {

    /** The name of a schedule, behind {@code master:<lease>:} or not. */
    private static final Pattern SCHEDULE =
            Pattern.compile("^((?:master:[^:?]*:)?(?:quartz|cron):(?://)?)([^?]*)(.*)$");

    /** Endpoints that take what they name when they are built: the new one must not meet the old one. */
    private static final Set<String> NAMED_WHEN_BUILT = Set.of("seda", "stub", "disruptor");

    private OwnResources() {}

    /**
     * Gives a schedule a job of its own. By its name alone it would be one with the job of another file, and with that
     * of its edited self, also where its instants stay and only its steps are edited; and the one that goes last would
     * remove the job.
     *
     * @param id of the route's version
     */
    static void name(CamelContext context, RouteDefinition route, String id) {
        FromDefinition from = route.getInput();
        Matcher schedule = SCHEDULE.matcher(context.resolvePropertyPlaceholders(from.getEndpointUri()));
        if (schedule.matches()) {
            String own = "%s-%s-%08x"
                    .formatted(
                            schedule.group(2).replaceAll("[^A-Za-z0-9]", "-"),
                            id.replaceAll("[^A-Za-z0-9]", "-"),
                            (id + schedule.group()).hashCode());
            from.setUri(schedule.group(1) + own + schedule.group(3));
        }
    }

    /** Whether the old route must be gone before the new one can be built. Only two of one kind can meet. */
    static boolean meet(CamelContext context, RouteDefinition old, RouteDefinition fresh) {
        String before = context.resolvePropertyPlaceholders(old.getInput().getEndpointUri());
        String now = context.resolvePropertyPlaceholders(fresh.getInput().getEndpointUri());
        String scheme = EndpointUri.of(now).scheme();
        return NAMED_WHEN_BUILT.contains(scheme)
                && scheme.equals(EndpointUri.of(before).scheme())
                && !now.equals(before);
    }

    /**
     * Looks whether a route that was just started takes what comes.
     *
     * @throws IllegalStateException when it does not
     */
    static void prove(CamelContext context, String routeId) throws Exception {
        Route route = context.getRoute(routeId);
        ServiceStatus status = context.getRouteController().getRouteStatus(routeId);
        if (route == null || status != ServiceStatus.Started) {
            throw new IllegalStateException("the route was started, but is %s".formatted(status));
        }
        if (route.getConsumer() instanceof StatefulService consumer && !consumer.isStarted()) {
            throw new IllegalStateException(
                    "the route was started, but its consumer is %s".formatted(consumer.getStatus()));
        }
        Endpoint endpoint = route.getConsumer() == null
                ? route.getEndpoint()
                : route.getConsumer().getEndpoint();
        if (endpoint instanceof QuartzEndpoint quartz) {
            fires(quartz);
        }
    }

    private static void fires(QuartzEndpoint endpoint) throws Exception {
        Scheduler scheduler = endpoint.getComponent().getScheduler();
        Trigger trigger = scheduler.getTrigger(endpoint.getTriggerKey());
        if (trigger == null || trigger.getNextFireTime() == null) {
            throw new IllegalStateException(
                    "the schedule has no future instant: %s".formatted(Json.write(String.valueOf(endpoint.getCron()))));
        }
        Trigger.TriggerState state = scheduler.getTriggerState(endpoint.getTriggerKey());
        if (state == Trigger.TriggerState.PAUSED || state == Trigger.TriggerState.ERROR) {
            throw new IllegalStateException("the schedule is " + state);
        }
    }

    /**
     * Has no schedule fire until the result is closed: Camel starts a schedule before its route is there, and an
     * instant that finds no route makes the endpoint again. What falls due meanwhile fires when it is closed.
     */
    static Quiet quiet(CamelContext context, RouteDefinition route) throws SchedulerException {
        String uri = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        if (!SCHEDULE.matcher(uri).matches()) {
            return () -> {};
        }
        Scheduler scheduler =
                context.getComponent("quartz", QuartzComponent.class).getScheduler();
        if (!scheduler.isStarted()) {
            return () -> {};
        }
        scheduler.standby();
        return scheduler::start;
    }

    /** While no schedule fires. */
    interface Quiet extends AutoCloseable {
        @Override
        void close() throws SchedulerException;
    }

    /**
     * Removes the schedules that no route has. An instant that came just before its route was removed makes Camel's
     * endpoint again, and with it the job in Quartz, which would stay and fire without effect.
     */
    static void removeForsaken(CamelContext context) throws Exception {
        List<QuartzEndpoint> schedules = context.getEndpoints().stream()
                .filter(QuartzEndpoint.class::isInstance)
                .map(QuartzEndpoint.class::cast)
                .toList();
        if (schedules.isEmpty()) {
            return;
        }
        Set<TriggerKey> used = new HashSet<>();
        for (Route route : context.getRoutes()) {
            if (innermost(route.getEndpoint()) instanceof QuartzEndpoint schedule) {
                used.add(schedule.getTriggerKey());
            }
        }
        for (QuartzEndpoint schedule : schedules) {
            if (!used.contains(schedule.getTriggerKey())) { // one with the key of a route would take its job along
                context.removeEndpoint(schedule);
            }
        }
    }

    private static Endpoint innermost(Endpoint endpoint) {
        return endpoint instanceof DelegateEndpoint outer ? innermost(outer.getEndpoint()) : endpoint;
    }
}
