package io.drover.console;

import io.drover.api.KeyController;
import io.drover.api.KeyController.NewKey;
import io.drover.api.KeyController.Request;
import io.drover.who.Actor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The keys of programs, for administrators. */
@Controller
@ConditionalOnWebApplication
class KeyPages {

    private final Frame frame;
    private final KeyController keys;

    KeyPages(Frame frame, KeyController keys) {
        this.frame = frame;
        this.keys = keys;
    }

    @GetMapping("/console/keys")
    ModelAndView keys(Actor actor) {
        return page(null, actor);
    }

    /** The answer is the page itself, because only it may hold the key: nothing keeps it until a next request. */
    @PostMapping("/console/keys")
    ModelAndView make(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(name = "role", defaultValue = "") List<String> roles,
            @RequestParam(defaultValue = "") String workflows,
            @RequestParam(name = "for", defaultValue = "") String lasting,
            Actor actor) {
        return page(
                keys.create(new Request(name.strip(), roles, globs(workflows), TaskPages.given(lasting)), actor),
                actor);
    }

    @PostMapping("/console/keys/{id}/revoke")
    String revoke(@PathVariable long id, Actor actor) {
        keys.revoke(id, actor);
        return "redirect:/console/keys";
    }

    private ModelAndView page(@Nullable NewKey made, Actor actor) {
        Map<String, @Nullable Object> model = new HashMap<>();
        model.put("keys", keys.list().keys());
        model.put("roles", KeyController.roles());
        model.put("made", made);
        return frame.page("keys", actor, model);
    }

    /** As people separate names: by commas or spaces. */
    private static @Nullable List<String> globs(String text) {
        return text.isBlank() ? null : Arrays.asList(text.strip().split("[,\\s]+"));
    }
}
