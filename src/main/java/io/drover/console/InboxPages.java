package io.drover.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.DoubtController;
import io.drover.api.DoubtController.Listed;
import io.drover.api.DoubtController.Resolve;
import io.drover.api.InboxController;
import io.drover.json.Json;
import io.drover.who.Actor;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** What waits for a person. */
@Controller
@ConditionalOnWebApplication
class InboxPages {

    private static final int MOST = 200;
    private static final int MOST_AT_ONCE = 1_000;

    private final Frame frame;
    private final InboxController inbox;
    private final DoubtController doubts;

    InboxPages(Frame frame, InboxController inbox, DoubtController doubts) {
        this.frame = frame;
        this.inbox = inbox;
        this.doubts = doubts;
    }

    @GetMapping("/console/inbox")
    ModelAndView list(
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String tool,
            @RequestParam(defaultValue = "") String workflow,
            @RequestParam(defaultValue = "") String age,
            @RequestParam(defaultValue = "-1") int resolved,
            Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put(
                "batch",
                batch(kind, tool, workflow, age, actor)); // first: what is too young now is not decided with the others
        model.put(
                "inbox",
                inbox.list(
                        TaskPages.given(kind),
                        null,
                        TaskPages.given(tool),
                        TaskPages.given(workflow),
                        TaskPages.given(age),
                        MOST,
                        actor));
        model.put("kind", kind);
        model.put("tool", tool);
        model.put("workflow", workflow);
        model.put("age", age);
        model.put("resolved", resolved);
        return frame.page("inbox", actor, model);
    }

    /** The calls in doubt among what the page lists, if one decision may be made about them; else null. */
    private @Nullable Listed batch(String kind, String tool, String workflow, String age, Actor actor) {
        if (tool.isBlank() || !kind.isBlank() && !kind.equals("doubt")) {
            return null;
        }
        Listed batch = doubts.list(
                tool.strip(), TaskPages.given(workflow), null, inbox.until(TaskPages.given(age)), MOST_AT_ONCE, actor);
        return batch.count() == 0 || batch.count() > MOST_AT_ONCE ? null : batch;
    }

    /** A link to one item, for messages: it leads to where that item is decided, however many wait. */
    @GetMapping("/console/inbox/{id}")
    String open(@PathVariable String id, Actor actor) {
        return "redirect:" + inbox.page(id, actor);
    }

    /** One decision about all calls in doubt of a tool that the person has seen. */
    @PostMapping("/console/inbox/resolve")
    String resolve(
            @RequestParam String tool,
            @RequestParam(defaultValue = "") String workflow,
            @RequestParam Instant until,
            @RequestParam int expected,
            @RequestParam String resolution,
            @RequestParam(defaultValue = "") String result,
            @RequestParam(defaultValue = "false") boolean confirmed,
            Actor actor) {
        JsonNode document = resolution.equals("happened") ? document(result) : null;
        int resolved = doubts.resolve(
                        new Resolve(
                                tool,
                                TaskPages.given(workflow),
                                null,
                                until,
                                expected,
                                resolution,
                                document,
                                confirmed),
                        actor)
                .resolved();
        return "redirect:/console/inbox?resolved=" + resolved;
    }

    private static @Nullable JsonNode document(String result) {
        try {
            return result.isBlank() ? null : Json.parse(result);
        } catch (JsonProcessingException e) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(
                            HttpStatus.BAD_REQUEST, "the result is not JSON: " + Json.reason(e)),
                    e);
        }
    }
}
