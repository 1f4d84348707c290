package io.drover.console;

import io.drover.api.HoldController;
import io.drover.api.HoldController.Request;
import io.drover.who.Actor;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** What is held: by whom, since when, until when and why. */
@Controller
@ConditionalOnWebApplication
class HoldPages {

    private final Frame frame;
    private final HoldController holds;

    HoldPages(Frame frame, HoldController holds) {
        this.frame = frame;
        this.holds = holds;
    }

    @GetMapping("/console/holds")
    ModelAndView holds(
            @RequestParam(defaultValue = "") String kind, @RequestParam(defaultValue = "") String name, Actor actor) {
        return frame.page("holds", actor, Map.of("holds", holds.list().holds(), "kind", kind, "name", name));
    }

    @PostMapping("/console/holds")
    String hold(
            @RequestParam String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam String reason,
            @RequestParam(name = "for", defaultValue = "") String lasting,
            Actor actor) {
        holds.hold(new Request(kind, TaskPages.given(name), reason, TaskPages.given(lasting)), actor);
        return "redirect:/console/holds";
    }

    @PostMapping("/console/holds/{id}/release")
    String release(@PathVariable long id, Actor actor) {
        holds.release(id, actor);
        return "redirect:/console/holds";
    }
}
