package io.drover.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApprovalController;
import io.drover.api.ApprovalController.Vote;
import io.drover.api.ApprovalController.VoteOnMany;
import io.drover.api.ApprovalController.VotedOnMany;
import io.drover.api.ApprovalInfo;
import io.drover.json.Recorded;
import io.drover.who.Actor;
import io.drover.who.Payloads;
import io.drover.who.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The calls that wait for an approval, by tool and shape of the arguments, and each of them with all that is known. */
@Controller
@ConditionalOnWebApplication
class ApprovalPages {

    private static final int MOST = 200;

    /** Requests that look alike. @param shape the names of the arguments */
    record Group(String tool, String shape, List<ApprovalInfo> approvals) {}

    private final Frame frame;
    private final ApprovalController approvals;

    ApprovalPages(Frame frame, ApprovalController approvals) {
        this.frame = frame;
        this.approvals = approvals;
    }

    @GetMapping("/console/approvals")
    ModelAndView approvals(
            @RequestParam(defaultValue = "-1") int counted,
            @RequestParam(defaultValue = "") List<Long> refused,
            Actor actor) {
        List<ApprovalInfo> open =
                Payloads.shown(approvals.list(null, null, 0, MOST, actor).approvals(), actor);
        return page(
                "approvals",
                actor,
                Map.of("approvals", open, "groups", groups(open), "counted", counted, "refused", refused));
    }

    @GetMapping("/console/approvals/{id}")
    ModelAndView approval(@PathVariable long id, Actor actor) {
        return page("approval", actor, Map.of("one", approvals.get(id)));
    }

    @PostMapping("/console/approvals/vote")
    String vote(
            @RequestParam("id") Set<Long> ids,
            @RequestParam String vote,
            @RequestParam(defaultValue = "") String reason,
            Actor actor) {
        String why = TaskPages.given(reason);
        if (ids.size() == 1) {
            long id = ids.iterator().next();
            approvals.vote(id, new Vote(vote, why), actor);
            return "redirect:/console/approvals/" + id;
        }
        VotedOnMany voted = approvals.voteOnMany(new VoteOnMany(ids, vote, why), actor);
        return "redirect:/console/approvals?counted=%d&refused=%s"
                .formatted(
                        voted.counted().size(),
                        voted.refused().stream()
                                .map(one -> Long.toString(one.id()))
                                .collect(Collectors.joining(",")));
    }

    private ModelAndView page(String view, Actor actor, Map<String, ?> model) {
        return frame.page(view, actor, model).addObject("approver", actor.is(Role.APPROVER));
    }

    private static List<Group> groups(List<ApprovalInfo> open) {
        Map<List<String>, Group> groups = new LinkedHashMap<>();
        for (ApprovalInfo one : open) {
            String shape = shape(one);
            groups.computeIfAbsent(List.of(one.tool(), shape), key -> new Group(one.tool(), shape, new ArrayList<>()))
                    .approvals()
                    .add(one);
        }
        return List.copyOf(groups.values());
    }

    private static String shape(ApprovalInfo one) {
        JsonNode arguments = Recorded.tree(one.arguments(), () -> "the arguments of approval " + one.id());
        if (!arguments.isObject()) {
            return arguments.asText();
        }
        Set<String> names = new TreeSet<>();
        arguments.fieldNames().forEachRemaining(names::add);
        return names.isEmpty() ? "no arguments" : String.join(", ", names);
    }
}
