package io.drover.console;

import io.drover.api.AuditController;
import io.drover.who.Actor;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Who decided what. */
@Controller
@ConditionalOnWebApplication
class AuditPages {

    private static final int PAGE = 50;

    private final Frame frame;
    private final AuditController audit;

    AuditPages(Frame frame, AuditController audit) {
        this.frame = frame;
        this.audit = audit;
    }

    @GetMapping("/console/audit")
    ModelAndView list(
            @RequestParam(name = "actor", defaultValue = "") String by,
            @RequestParam(defaultValue = "") String what,
            @RequestParam(required = false) @Nullable UUID task,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(required = false) @Nullable Instant until,
            @RequestParam(defaultValue = "") String cursor,
            Actor actor) {
        Map<String, Object> model = new HashMap<>();
        model.put(
                "page",
                audit.list(
                        TaskPages.given(by), TaskPages.given(what), task, since, until, PAGE, TaskPages.given(cursor)));
        model.put("actor", by);
        model.put("what", what);
        model.put("task", task);
        model.put("since", since);
        model.put("until", until);
        model.put("cursor", cursor);
        return frame.page("audit", actor, model);
    }
}
