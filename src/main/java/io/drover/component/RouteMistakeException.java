package io.drover.component;

import io.drover.guard.FailingSteps;
import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;

/** A workflow's steps cannot be done as they are written, however often they are tried. The message names file, route and step. */
final class RouteMistakeException extends Exception implements PermanentFailure, TypedFailure {

    private final String type;

    RouteMistakeException(Exchange exchange, String workflowRoute, Throwable mistake) {
        super(
                "%s: %s. Another attempt would fail in the same way; mend the route, and retry the task"
                        .formatted(place(exchange, workflowRoute), mistake.getMessage()),
                exchange.getException());
        this.type = mistake.getClass().getSimpleName();
    }

    private static String place(Exchange exchange, String workflowRoute) {
        NamedNode step = FailingSteps.of(exchange);
        if (step == null) {
            return "route " + workflowRoute;
        }
        String place =
                "route %s, step %s".formatted(step.getParent() == null ? workflowRoute : route(step), step.getId());
        String file =
                step.getLocation() == null ? "" : Path.of(step.getLocation()).getFileName() + ":";
        return step.getLineNumber() < 0 ? place : "%s%d, %s".formatted(file, step.getLineNumber(), place);
    }

    private static String route(NamedNode step) {
        NamedNode node = step;
        while (node.getParent() != null) {
            node = node.getParent();
        }
        return node.getId();
    }

    @Override
    public boolean isPermanent() {
        return true;
    }

    @Override
    public String errorType() {
        return type;
    }
}
