package io.drover.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.CatalogController;
import io.drover.api.DecisionController;
import io.drover.api.DecisionController.Resolve;
import io.drover.api.FleetController;
import io.drover.api.RedoController;
import io.drover.api.RetryPreview.Then;
import io.drover.api.TaskController;
import io.drover.api.TaskInfo;
import io.drover.api.TaskPage;
import io.drover.api.WorkflowInfo;
import io.drover.journal.TaskStatus;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.tool.ToolSpec;
import io.drover.who.Actor;
import io.drover.who.Payloads;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.ModelAndView;

/** The list of tasks, and one task. */
@Controller
@ConditionalOnWebApplication
class TaskPages {

    private static final int PAGE = 50;
    private static final int MOST_SAMPLES = 5;

    /** Shown on the page of their parent at first. */
    private static final int MOST_CHILDREN = 20;

    private final Frame frame;
    private final TaskController tasks;
    private final DecisionController decisions;
    private final RedoController redo;
    private final FleetController fleet;
    private final CatalogController catalog;
    private final Clock clock;
    private final @Nullable String traceUrl;

    TaskPages(
            Frame frame,
            TaskController tasks,
            DecisionController decisions,
            RedoController redo,
            FleetController fleet,
            CatalogController catalog,
            Clock clock,
            @Value("${drover.console.trace-url:#{null}}") @Nullable String traceUrl) {
        this.frame = frame;
        this.tasks = tasks;
        this.decisions = decisions;
        this.redo = redo;
        this.fleet = fleet;
        this.catalog = catalog;
        this.clock = clock;
        this.traceUrl = traceUrl;
    }

    @GetMapping("/console/tasks")
    ModelAndView list(
            @RequestParam(defaultValue = "") String status,
            @RequestParam(defaultValue = "") String workflow,
            @RequestParam(required = false) @Nullable Integer version,
            @RequestParam(defaultValue = "") String mode,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String cursor,
            Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put(
                "page",
                tasks.list(given(status), given(workflow), version, given(mode), given(q), PAGE, given(cursor), actor));
        model.put("status", status);
        model.put("workflow", workflow);
        model.put("version", version == null ? "" : version);
        model.put("mode", mode);
        model.put("q", q);
        model.put("cursor", cursor);
        model.put("statuses", TaskStatus.values());
        model.put("counts", counts(actor));
        model.put(
                "workflows",
                catalog.workflows().workflows().stream()
                        .map(WorkflowInfo::name)
                        .distinct()
                        .filter(actor.workflows()::allow)
                        .toList());
        return frame.page("tasks", actor, model);
    }

    /** @return null if the browser's page is up to date, so nothing is sent but that */
    @GetMapping("/console/tasks/{id}")
    @Nullable
    ModelAndView task(
            @PathVariable UUID id, @RequestParam(defaultValue = "") String done, Actor actor, WebRequest request) {
        TaskInfo task = Payloads.shown(tasks.get(id, actor), actor); // before its parts are put into words
        TaskPage children = tasks.children(id, MOST_CHILDREN, null, actor);
        String version = version(task, children, actor);
        if (request.checkNotModified(version)) {
            return null;
        }
        Map<Then, List<String>> then = task.calls().stream()
                .filter(call -> !call.asksForFlag())
                .collect(Collectors.groupingBy(
                        call -> Then.of(call.state()),
                        () -> new EnumMap<>(Then.class),
                        Collectors.mapping(TaskInfo.Call::tool, Collectors.toList())));
        Map<String, Object> model = new HashMap<>();
        model.put("task", task);
        model.put("children", children);
        Timeline timeline = Timeline.of(task, clock.instant());
        model.put("timeline", timeline);
        model.put("samples", actor.mayOperate() ? samples(timeline, id, actor) : Map.of());
        model.put("skipped", Fold.counted(then.getOrDefault(Then.SKIPPED, List.of()).stream()));
        model.put("again", Fold.counted(then.getOrDefault(Then.MADE_AGAIN, List.of()).stream()));
        model.put("doubt", Fold.counted(then.getOrDefault(Then.IN_DOUBT, List.of()).stream()));
        model.put("talks", task.calls().stream().anyMatch(call -> call.tool().startsWith(ToolSpec.MODEL)));
        model.put("starts", task.status() == TaskStatus.DEAD ? redo.starts(task).reversed() : List.of());
        model.put("mayExecute", PlanPages.mayExecute(task, actor));
        model.put("done", done);
        model.put("version", '"' + version + '"');
        model.put(
                "traceUrl",
                traceUrl == null || task.traceId() == null ? null : traceUrl.replace("{traceId}", task.traceId()));
        return frame.page("task", actor, model);
    }

    /** A part of its children, which the page of the task, or of one above it, shows when somebody wants to see it. */
    @GetMapping("/console/tasks/{id}/children")
    ModelAndView children(@PathVariable UUID id, @RequestParam(defaultValue = "") String cursor, Actor actor) {
        TaskPage children = tasks.children(id, PAGE, given(cursor), actor);
        return frame.page("children", actor, Map.of("task", tasks.get(id, actor), "children", children));
    }

    /** The done calls that the page of the task shows as one line. */
    @GetMapping("/console/tasks/{id}/calls/{first}-{last}")
    ModelAndView calls(@PathVariable UUID id, @PathVariable int first, @PathVariable int last, Actor actor) {
        TaskInfo task = Payloads.shown(tasks.get(id, actor), actor);
        Timeline timeline = Timeline.of(task, clock.instant());
        Map<String, Object> model = new HashMap<>();
        model.put("task", task);
        model.put("events", Fold.between(timeline.events(), first, last));
        model.put("samples", Map.of());
        return frame.page("calls", actor, model);
    }

    @PostMapping("/console/tasks/{id}/cancel")
    String cancel(@PathVariable UUID id, Actor actor) {
        decisions.cancel(id, actor);
        return "redirect:/console/tasks/" + id + "?done=cancel";
    }

    @PostMapping("/console/tasks/{id}/retry")
    String retry(@PathVariable UUID id, Actor actor) {
        decisions.retry(id, null, actor);
        return "redirect:/console/tasks/" + id + "?done=retry";
    }

    @PostMapping("/console/tasks/{id}/calls/{n}/resolve")
    String resolve(
            @PathVariable UUID id,
            @PathVariable int n,
            @RequestParam(defaultValue = "") String resolution,
            @RequestParam(defaultValue = "") String result,
            @RequestParam(defaultValue = "false") boolean confirmed,
            @RequestParam(required = false) @Nullable Instant replaces,
            Actor actor) {
        JsonNode document = resolution.equals("happened") ? document(result) : null;
        decisions.resolve(id, n, new Resolve(resolution, document, confirmed, replaces), actor);
        return "redirect:/console/tasks/" + id + "?done=resolve";
    }

    /**
     * Changes with everything that the page shows. The bars of what is under way grow a little once a minute; the browser
     * itself counts how long ago something was.
     */
    private String version(TaskInfo task, TaskPage children, Actor actor) {
        Digest digest = new Digest();
        digest.add(task.toString());
        digest.add(children.toString());
        digest.add(String.valueOf(actor.seesPayloads()));
        digest.add(String.valueOf(actor.mayOperate()));
        digest.add(String.valueOf(PlanPages.mayExecute(task, actor)));
        if (task.finishedAt() == null) {
            digest.add(clock.instant().truncatedTo(ChronoUnit.MINUTES).toString());
        }
        return digest.hex();
    }

    /** What the tools returned lately about whose calls can be decided, by tool. */
    private Map<String, String> samples(Timeline timeline, UUID id, Actor actor) {
        Map<String, String> samples = new HashMap<>();
        timeline.open().limit(MOST_SAMPLES).forEach(call -> {
            String result = samples.containsKey(call.tool())
                    ? null
                    : decisions.sample(id, call.n(), actor).result();
            if (result != null) {
                samples.put(call.tool(), result);
            }
        });
        return samples;
    }

    private static @Nullable JsonNode document(String result) {
        try {
            return result.isBlank() ? null : Json.parse(result);
        } catch (JsonProcessingException e) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(
                            HttpStatus.BAD_REQUEST,
                            "the result is not JSON: %s; put quotes around a text, as in \"paid\""
                                    .formatted(Json.reason(e))),
                    e);
        }
    }

    /** What is done is not counted. */
    private Map<TaskStatus, Long> counts(Actor actor) {
        FleetController.Queue queue = new FleetController.Queue(fleet.queue().depths().stream()
                .filter(depth -> actor.workflows().allow(depth.workflow()))
                .toList());
        Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
        for (TaskStatus status : TaskStatus.values()) {
            if (!status.isTerminal() || status == TaskStatus.DEAD) {
                counts.put(status, queue.count(status));
            }
        }
        return counts;
    }

    /** A field of a form that is left empty means: any. */
    static @Nullable String given(String value) {
        return value.isBlank() ? null : value.strip();
    }
}
