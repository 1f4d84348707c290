package io.drover.console;

import io.drover.api.StandingGrantController;
import io.drover.api.StandingGrantController.Request;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The approvals in advance: what is left of each, and the ways to give and revoke one. */
@Controller
@ConditionalOnWebApplication
class StandingGrantPages {

    private final Frame frame;
    private final StandingGrantController grants;

    StandingGrantPages(Frame frame, StandingGrantController grants) {
        this.frame = frame;
        this.grants = grants;
    }

    @GetMapping("/console/standing-grants")
    ModelAndView grants(@RequestParam(defaultValue = "") String tool, Actor actor) {
        return frame.page(
                        "standing-grants",
                        actor,
                        Map.of("grants", grants.list(null).grants(), "tool", tool))
                .addObject("approver", actor.is(Role.APPROVER));
    }

    @PostMapping("/console/standing-grants")
    String give(
            @RequestParam String tool,
            @RequestParam(defaultValue = "") String when,
            @RequestParam int calls,
            @RequestParam(defaultValue = "") String sumOf,
            @RequestParam(required = false) @Nullable BigDecimal sum,
            @RequestParam(name = "for") String lasting,
            @RequestParam String reason,
            Actor actor) {
        grants.give(
                new Request(tool, TaskPages.given(when), calls, TaskPages.given(sumOf), sum, lasting, reason), actor);
        return "redirect:/console/standing-grants";
    }

    @PostMapping("/console/standing-grants/{id}/revoke")
    String revoke(@PathVariable long id, Actor actor) {
        grants.revoke(id, actor);
        return "redirect:/console/standing-grants";
    }
}
