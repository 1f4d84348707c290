package io.drover.console;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Map;
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
    ModelAndView page(String view, HttpServletRequest request, Map<String, ?> model) {
        return new ModelAndView("console/" + view, model)
                .addObject("view", view)
                .addObject("user", request.getRemoteUser())
                .addObject("operator", request.isUserInRole("operator"))
                .addObject("say", new Humanize(clock.instant()))
                .addObject("style", asset("console.css"))
                .addObject("script", asset("console.js"))
                .addObject("icon", asset("icon.svg"));
    }

    private String asset(String name) {
        String url = urls.getForLookupPath(ASSETS + name);
        return url == null ? ASSETS + name : url;
    }
}
