package io.drover.console;

import io.drover.api.DeadController;
import io.drover.api.DeadController.Retry;
import io.drover.api.RetryPreview;
import io.drover.who.Actor;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Why tasks are dead, and how a whole group is retried after a look at what that would do. */
@Controller
@ConditionalOnWebApplication
class DeadPages {

    private final Frame frame;
    private final DeadController dead;

    DeadPages(Frame frame, DeadController dead) {
        this.frame = frame;
        this.dead = dead;
    }

    @GetMapping("/console/dead")
    ModelAndView groups(
            @RequestParam(defaultValue = "") String workflow,
            @RequestParam(defaultValue = "-1") int retried,
            Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put("dead", dead.groups(TaskPages.given(workflow), actor));
        model.put("retried", retried);
        return frame.page("dead", actor, model);
    }

    @GetMapping("/console/dead/retry")
    ModelAndView preview(
            @RequestParam String workflow,
            @RequestParam String type,
            @RequestParam String reason,
            @RequestParam(defaultValue = "1000") int limit,
            Actor actor) {
        RetryPreview preview = dead.preview(workflow, type, reason, null, limit, actor);
        Map<String, Object> model = new HashMap<>();
        model.put("preview", preview);
        model.put("workflow", workflow);
        model.put("type", type);
        model.put("reason", reason);
        model.put("limit", limit);
        return frame.page("retry", actor, model);
    }

    @PostMapping("/console/dead/retry")
    String retry(
            @RequestParam String workflow,
            @RequestParam String type,
            @RequestParam String reason,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) Instant until,
            @RequestParam int limit,
            Actor actor) {
        int retried = dead.retry(new Retry(workflow, type, reason, null, until, limit), actor)
                .retried();
        return "redirect:/console/dead?retried=" + retried;
    }
}
