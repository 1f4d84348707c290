package io.drover.console;

import io.drover.api.EvalController;
import io.drover.who.Actor;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** How tasks were evaluated. */
@Controller
@ConditionalOnWebApplication
class EvalPages {

    private static final int DAYS = 7;

    private final Frame frame;
    private final EvalController evals;

    EvalPages(Frame frame, EvalController evals) {
        this.frame = frame;
        this.evals = evals;
    }

    @GetMapping("/console/evals")
    ModelAndView all(Actor actor) {
        return frame.page("evals", actor, Map.of("evals", evals.list(DAYS, actor), "days", DAYS));
    }
}
