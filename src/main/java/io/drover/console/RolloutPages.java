package io.drover.console;

import io.drover.api.RolloutController;
import io.drover.api.RolloutController.Decision;
import io.drover.api.RolloutInfo;
import io.drover.who.Actor;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** Versions on trial: how both sides do, and what the judge made of it. */
@Controller
@ConditionalOnWebApplication
class RolloutPages {

    private final Frame frame;
    private final RolloutController rollouts;

    RolloutPages(Frame frame, RolloutController rollouts) {
        this.frame = frame;
        this.rollouts = rollouts;
    }

    @GetMapping("/console/rollouts")
    ModelAndView all(Actor actor) {
        return frame.page("rollouts", actor, Map.of("rollouts", rollouts.list().rollouts()));
    }

    @GetMapping("/console/rollouts/{id}")
    ModelAndView one(@PathVariable String id, Actor actor) {
        RolloutInfo rollout = rollouts.get(id);
        return frame.page("rollout", actor, Map.of("rollout", rollout, "curves", Curve.of(rollout)));
    }

    @PostMapping("/console/rollouts/{id}/{action}")
    String decide(@PathVariable String id, @PathVariable String action, @RequestParam String reason, Actor actor) {
        rollouts.decide(id, action, new Decision(reason), actor);
        return "redirect:"
                + UriComponentsBuilder.fromPath("/console/rollouts/{id}")
                        .build(id)
                        .toASCIIString();
    }
}
