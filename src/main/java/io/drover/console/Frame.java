package io.drover.console;

import io.drover.who.Actor;
import io.drover.who.Payloads;
import io.drover.who.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.ResourceUrlProvider;

/** What stands on every page. */
@Component
@ConditionalOnWebApplication
class Frame {

    static final String ASSETS = "/console/assets/";

    private static final List<String> PLACES = List.of(
            "tasks",
            "inbox",
            "dead",
            "tools",
            "workflows",
            "approvals",
            "holds",
            "rollouts",
            "evals",
            "workers",
            "audit");
    private static final String KEYS = "keys";

    private final Clock clock;
    private final ResourceUrlProvider urls;
    private final boolean logsOut;

    Frame(Clock clock, ResourceUrlProvider urls, @Value("${drover.security.oidc.login.client-id:}") String client) {
        this.logsOut = !client.isEmpty();
        this.clock = clock;
        this.urls = urls;
    }

    /**
     * A page as an actor sees it.
     *
     * @param view the template, which is also the name of its place in the navigation
     */
    ModelAndView page(String view, Actor actor, Map<String, ? extends @Nullable Object> model) {
        ModelAndView page = new ModelAndView("console/" + view);
        model.forEach((name, value) -> page.addObject(name, value == null ? null : Payloads.shown(value, actor)));
        return page.addObject("view", view)
                .addObject("user", actor.name())
                .addObject("operator", actor.mayOperate())
                .addObject("places", places(actor))
                .addObject("payloads", actor.seesPayloads())
                .addObject("logsOut", logsOut && !actor.equals(Actor.NOBODY))
                .addObject("role", role(actor))
                .addObject("say", say())
                .addObject("style", asset("console.css"))
                .addObject("script", asset("console.js"))
                .addObject("icon", asset("icon.svg"));
    }

    /** An administrator sees nothing but keys, unless another role adds the rest. */
    private static List<String> places(Actor actor) {
        if (!actor.is(Role.ADMIN)) {
            return PLACES;
        }
        Stream<String> others = actor.seesAllTasks() ? PLACES.stream() : Stream.of();
        return Stream.concat(others, Stream.of(KEYS)).toList();
    }

    /** What a user may do who is no operator; null for an operator. */
    private static @Nullable String role(Actor actor) {
        return Stream.of(Role.OPERATOR, Role.APPROVER, Role.READER, Role.VIEWER, Role.ADMIN)
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
