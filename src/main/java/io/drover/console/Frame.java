package io.drover.console;

import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.ResourceUrlProvider;

/** What stands on every page. */
@Component
@ConditionalOnWebApplication
class Frame {

    static final String ASSETS = "/console/assets/";

    private final Clock clock;
    private final ResourceUrlProvider urls;

    Frame(Clock clock, ResourceUrlProvider urls) {
        this.clock = clock;
        this.urls = urls;
    }

    /** @param view the template, which is also the name of its place in the navigation */
    ModelAndView page(String view, Actor actor, Map<String, ?> model) {
        return new ModelAndView("console/" + view, model)
                .addObject("view", view)
                .addObject("user", actor.name())
                .addObject("operator", actor.mayOperate())
                .addObject("role", role(actor))
                .addObject("say", say())
                .addObject("style", asset("console.css"))
                .addObject("script", asset("console.js"))
                .addObject("icon", asset("icon.svg"));
    }

    /** What a user may do who is no operator; null for an operator. */
    private static @Nullable String role(Actor actor) {
        return Stream.of(Role.OPERATOR, Role.APPROVER, Role.VIEWER)
                .filter(actor::is)
                .findFirst()
                .filter(role -> role != Role.OPERATOR)
                .map(Role::text)
                .orElse(null);
    }

    /** What people read, as of now. */
    Humanize say() {
        return new Humanize(clock.instant());
    }

    private String asset(String name) {
        String url = urls.getForLookupPath(ASSETS + name);
        return url == null ? ASSETS + name : url;
    }
}
