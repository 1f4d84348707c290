package io.drover.console;

import io.drover.api.CatalogController;
import io.drover.api.CatalogController.ToolError;
import io.drover.api.FleetController;
import io.drover.api.HoldController;
import io.drover.problem.Problem;
import io.drover.who.Actor;
import io.drover.who.Payloads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** What is loaded and who works. */
@Controller
@ConditionalOnWebApplication
class CatalogPages {

    private final Frame frame;
    private final CatalogController catalog;
    private final FleetController fleet;
    private final HoldController holds;

    CatalogPages(Frame frame, CatalogController catalog, FleetController fleet, HoldController holds) {
        this.frame = frame;
        this.catalog = catalog;
        this.fleet = fleet;
        this.holds = holds;
    }

    @GetMapping("/console/tools")
    ModelAndView tools(Actor actor) {
        return frame.page(
                "tools", actor, Map.of("tools", catalog.tools().tools(), "held", held(), "errors", errors(actor)));
    }

    /** By tool, newest first; of calls that failed in the same way the last one. */
    private Map<String, List<ToolError>> errors(Actor actor) {
        Humanize say = frame.say();
        Set<List<String>> seen = new HashSet<>();
        return Payloads.shown(catalog.toolErrors(), actor).errors().stream()
                .filter(error -> seen.add(List.of(error.tool(), say.message(error.error()))))
                .collect(Collectors.groupingBy(ToolError::tool));
    }

    @GetMapping("/console/workflows")
    ModelAndView workflows(Actor actor) {
        return frame.page(
                "workflows",
                actor,
                Map.of(
                        "held",
                        held(),
                        "loaded",
                        catalog.workflows(),
                        "queue",
                        fleet.queue().depths()));
    }

    /** Of everything, if that is held, no tool and no workflow says so: the page of the holds does. */
    private Set<String> held() {
        return holds.list().holds().stream()
                .map(hold -> hold.kind() + ':' + hold.name())
                .collect(Collectors.toSet());
    }

    @GetMapping("/console/workers")
    ModelAndView workers(Actor actor) {
        return frame.page("workers", actor, Map.of("workers", fleet.workers().workers()));
    }

    /** The address that people type, and that the local stand prints. A view controller would come after the page below. */
    @GetMapping({"/console", "/console/"})
    String console() {
        return "redirect:/console/tasks";
    }

    @GetMapping("/console/**")
    ModelAndView unknown(HttpServletRequest request) {
        throw new ErrorResponseException(
                HttpStatus.NOT_FOUND, Problem.notFound(request.getRequestURI()).document(), null);
    }
}
