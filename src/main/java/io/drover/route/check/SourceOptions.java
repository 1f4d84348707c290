package io.drover.route.check;

import java.text.ParseException;
import java.util.Arrays;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * A source can bring about events, and keeps one until its task is accepted: its cron is one and comes due, its methods
 * are HTTP's, its topics are named, and its broker waits for the route's end.
 */
final class SourceOptions implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null) {
            return;
        }
        switch (from.scheme()) {
            case "quartz" -> cron(route, from.option("cron"), routes, findings);
            case "platform-http" -> methods(route, from.option("httpMethodRestrict"), routes, findings);
            case "kafka" -> {
                if (from.path().isBlank() && from.option("topic") == null) {
                    findings.add(route, from.line(), "kafka: names no topic, as in kafka:orders");
                }
            }
            case "jms", "activemq", "activemq6", "amqp", "sjms", "sjms2" -> acknowledged(route, from, routes, findings);
            default -> {}
        }
    }

    /** By itself Spring's listener acknowledges a message before the route begins. */
    private static void acknowledged(RouteSource route, EndpointUse from, RouteSet routes, Findings findings) {
        String transacted = routes.settings.resolve(from.value("transacted")).strip();
        if (!transacted.equalsIgnoreCase("true") && !transacted.contains("{{")) {
            findings.add(
                    route,
                    from.line(),
                    "%s: acknowledges a message before its task is accepted, so a crash loses it; add the parameter transacted: true"
                            .formatted(from.scheme()));
        }
    }

    private static void cron(
            RouteSource route, EndpointUse.@Nullable Option option, RouteSet routes, Findings findings) {
        String said =
                option == null ? "" : routes.settings.resolve(option.value().text());
        if (option == null || said.contains("{{")) {
            return;
        }
        String cron = said.replace('+', ' '); // as a URI writes it
        try {
            if (new CronExpression(cron).getNextValidTimeAfter(new Date()) == null) {
                findings.add(route, option.line(), "cron: '%s' never comes due".formatted(cron));
            }
        } catch (ParseException e) {
            findings.add(
                    route,
                    option.line(),
                    "cron: '%s' is no cron expression (%s); it has six fields and maybe a year, as in 0 0 2 * * ?"
                            .formatted(cron, e.getMessage()));
        }
    }

    private static void methods(
            RouteSource route, EndpointUse.@Nullable Option option, RouteSet routes, Findings findings) {
        String said =
                option == null ? "" : routes.settings.resolve(option.value().text());
        if (option == null || said.contains("{{")) {
            return;
        }
        Arrays.stream(said.split(","))
                .map(method -> HttpMethods.problem("httpMethodRestrict", method))
                .filter(Objects::nonNull)
                .forEach(problem -> findings.add(route, option.line(), problem));
    }
}
