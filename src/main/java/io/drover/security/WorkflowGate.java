package io.drover.security;

import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.journal.TaskStore;
import io.drover.problem.Problem;
import io.drover.who.Actor;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher.MatchResult;
import org.springframework.stereotype.Component;

/**
 * What a caller may do who is limited to some workflows.
 * A request that is not known here to be about workflows of its own is refused, so a new endpoint is closed to it.
 */
@Component
@ConditionalOnWebApplication
class WorkflowGate implements AuthorizationManager<HttpServletRequest> {

    /** The attribute of a request for something that the caller must not even know to exist. */
    static final String HIDDEN = WorkflowGate.class.getName();

    private static final AuthorizationDecision ALLOWED = new AuthorizationDecision(true);
    private static final PathPatternRequestMatcher.Builder PATHS = PathPatternRequestMatcher.withDefaults();

    /** The controllers of these pass the caller's workflows on to SQL. */
    private static final List<PathPatternRequestMatcher> LISTS = Stream.concat(
                    Stream.of(
                                    "/api/tasks",
                                    "/api/approvals",
                                    "/api/inbox",
                                    "/api/calls/in-doubt",
                                    "/api/dead",
                                    "/api/dead/retry",
                                    "/console/tasks",
                                    "/console/approvals",
                                    "/console/inbox",
                                    "/console/dead",
                                    "/console/dead/retry")
                            .map(path -> PATHS.matcher(HttpMethod.GET, path)),
                    Stream.of(
                                    "/api/approvals/vote",
                                    "/api/calls/resolve",
                                    "/api/dead/retry",
                                    "/console/approvals/vote",
                                    "/console/inbox/resolve",
                                    "/console/dead/retry")
                            .map(path -> PATHS.matcher(HttpMethod.POST, path)))
            .toList();

    /** These show nothing of any workflow, or what may be done with it. */
    private static final List<PathPatternRequestMatcher> OPEN = Stream.of(
                    "/",
                    "/health/live",
                    "/health/ready",
                    "/api/can",
                    "/api/openapi",
                    "/api/openapi.yaml",
                    "/console",
                    "/console/",
                    "/console/logged-out",
                    "/console/assets/**")
            .map(path -> PATHS.matcher(HttpMethod.GET, path))
            .toList();

    private static final PathPatternRequestMatcher SUBMIT = PATHS.matcher(HttpMethod.POST, "/api/tasks/{workflow}");

    private static final List<PathPatternRequestMatcher> TASK = Stream.of("/api", "/console")
            .flatMap(root -> Stream.of("", "/**").map(path -> PATHS.matcher(root + "/tasks/{id}" + path)))
            .toList();

    private static final List<PathPatternRequestMatcher> APPROVAL = List.of(
            PATHS.matcher("/api/approvals/{id}"),
            PATHS.matcher("/api/approvals/{id}/vote"),
            PATHS.matcher("/console/approvals/{id}"));

    private final ObjectProvider<TaskStore> tasks;
    private final ObjectProvider<Approvals> approvals;

    /** @param tasks and what follows are found later: the web server starts before them */
    WorkflowGate(ObjectProvider<TaskStore> tasks, ObjectProvider<Approvals> approvals) {
        this.tasks = tasks;
        this.approvals = approvals;
    }

    @Override
    @SuppressWarnings("deprecation") // the method in its place calls this one
    public AuthorizationDecision check(Supplier<Authentication> user, HttpServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.REQUEST || !Actors.isLimited(user.get())) {
            return ALLOWED;
        }
        return new AuthorizationDecision(isAllowed(Actors.of(user.get()).orElse(Actor.NOBODY), request));
    }

    private boolean isAllowed(Actor actor, HttpServletRequest request) {
        if (Stream.concat(LISTS.stream(), OPEN.stream()).anyMatch(path -> path.matches(request))) {
            return true;
        }
        MatchResult submit = SUBMIT.matcher(request);
        if (submit.isMatch()) {
            return actor.workflows().allow(String.valueOf(submit.getVariables().get("workflow")));
        }
        if (request.getRequestURI().equals("/mcp")) { // its calls are tasks of this workflow
            return actor.workflows().allow("mcp");
        }
        Optional<Map<String, String>> task = variables(TASK, request);
        if (task.isPresent()) {
            String id = String.valueOf(task.get().get("id"));
            return isShown(actor, workflowOfTask(id), request, "unknown-task", "there is no task " + id);
        }
        Optional<Map<String, String>> approval = variables(APPROVAL, request);
        if (approval.isPresent()) {
            String id = String.valueOf(approval.get().get("id"));
            return isShown(actor, workflowOfApproval(id), request, "unknown-approval", "there is no approval " + id);
        }
        return false;
    }

    /** What does not exist is answered by its controller, in the same words. */
    private static boolean isShown(
            Actor actor, @Nullable String workflow, HttpServletRequest request, String type, String detail) {
        boolean shown = workflow == null || actor.workflows().allow(workflow);
        if (!shown) {
            request.setAttribute(HIDDEN, Problem.of(HttpStatus.NOT_FOUND, type, detail));
        }
        return shown;
    }

    private static Optional<Map<String, String>> variables(
            List<PathPatternRequestMatcher> paths, HttpServletRequest request) {
        return paths.stream()
                .map(path -> path.matcher(request))
                .filter(MatchResult::isMatch)
                .map(MatchResult::getVariables)
                .findFirst();
    }

    private @Nullable String workflowOfTask(String id) {
        try {
            return tasks.getObject()
                    .find(UUID.fromString(id))
                    .map(task -> task.workflow())
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable String workflowOfApproval(String id) {
        try {
            Approval approval = approvals.getObject().find(Long.parseLong(id));
            return approval == null ? null : approval.workflow();
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
