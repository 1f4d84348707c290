package io.drover.route.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The parts of a route that run on a copy of the message.
 * What they set, their siblings never see, and Camel keeps it afterwards only for some: without an aggregation strategy
 * nothing of a split, and of a multicast or a recipient list the last branch.
 */
final class Branches {

    private static final String CAMELS = "#class:org.apache.camel.processor.aggregate.";

    /** The strategies that keep the last branch, and none. */
    private static final String LAST = CAMELS + "UseLatestAggregationStrategy";

    private static final String NONE = CAMELS + "UseOriginalAggregationStrategy";

    /**
     * A part of a route's text.
     *
     * @param step the split, the multicast or another step that it belongs to
     * @param from where it begins
     * @param to   where it has ended
     * @param kept whether the route has its variables after the step
     */
    private record Branch(Element step, int from, int to, boolean kept) {

        boolean holds(Yaml place) {
            return from <= at(place) && at(place) < to;
        }
    }

    private final List<Branch> branches = new ArrayList<>();
    private final List<Element> calls = new ArrayList<>();
    private final List<EndpointUse> uses;

    private Branches(List<EndpointUse> uses) {
        this.uses = uses;
    }

    static Branches of(RouteSource route) {
        Branches found = new Branches(route.uses());
        if (!repeatsItself(route)) {
            route.elements().stream().filter(Element::isStep).forEach(found::add);
        }
        return found;
    }

    /** With an alias of YAML one place of the text is several of the route. */
    private static boolean repeatsItself(RouteSource route) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return route.elements().stream()
                .anyMatch(element -> !seen.add(element.value().node()));
    }

    private void add(Element step) {
        List<Yaml> steps = step.members().stream()
                .filter(member -> member.name().equals("steps"))
                .map(Element::value)
                .toList();
        switch (step.name()) {
            case "split" -> {
                if (!steps.isEmpty()) {
                    boolean kept = !Set.of("", NONE).contains(step.text("aggregationStrategy"));
                    branches.add(new Branch(step, at(steps.getFirst()), end(steps.getLast()), kept));
                }
            }
            case "multicast" -> {
                for (int n = 0; n < steps.size(); n++) {
                    add(step, steps.get(n), isKept(step, n == steps.size() - 1));
                }
            }
            case "loadBalance" -> {
                if (step.get("topicLoadBalancer") != null) {
                    steps.forEach(one -> add(step, one, false));
                }
            }
            case "recipientList", "enrich" -> calls.add(step);
            default -> {}
        }
    }

    private void add(Element step, Yaml part, boolean kept) {
        branches.add(new Branch(step, at(part), end(part), kept));
    }

    private static boolean isKept(Element step, boolean last) {
        String strategy = step.text("aggregationStrategy");
        boolean anyMayBeLast = !Set.of("", "false").contains(step.text("streaming"))
                && !Set.of("", "false").contains(step.text("parallelProcessing"));
        boolean keepsLast = strategy.isEmpty() || strategy.equals(LAST);
        return keepsLast ? last || anyMayBeLast : !strategy.equals(NONE);
    }

    /** The step because of which one place never sees what another place of the route sets; null if it may see it. */
    @Nullable
    Element hides(Yaml set, Yaml read) {
        return branches.stream()
                .filter(branch -> branch.holds(set) && !branch.holds(read))
                .filter(branch -> !branch.kept || isWithin(branch.step, read) && !isRepeated(branch.step))
                .map(Branch::step)
                .findFirst()
                .orElse(null);
    }

    /** The step because of which a place never sees what the route behind an endpoint sets; null if it may see it. */
    @Nullable
    Element hides(EndpointUse call, Yaml read) {
        Element list = losing(call);
        return list == null ? hides(call.uri(), read) : list;
    }

    /** The step that drops what is set at one place before another place reads it; null if that may see it, or is no later. */
    @Nullable
    Element drops(Yaml set, Yaml read) {
        return ended(hides(set, read), read);
    }

    /** The same of what the route behind an endpoint sets. */
    @Nullable
    Element drops(EndpointUse call, Yaml read) {
        return ended(hides(call, read), read);
    }

    private static @Nullable Element ended(@Nullable Element step, Yaml read) {
        return step != null && end(step.value()) <= at(read) ? step : null;
    }

    /** Whether the route that calls this one has what is set there. */
    boolean keeps(Yaml set) {
        return branches.stream().allMatch(branch -> branch.kept || !branch.holds(set));
    }

    /** The same of what the route behind an endpoint sets. */
    boolean keeps(EndpointUse call) {
        return losing(call) == null && keeps(call.uri());
    }

    /** The step that drops what the route behind an endpoint sets, or null. */
    private @Nullable Element losing(EndpointUse call) {
        for (Element step : calls) {
            List<EndpointUse> recipients = uses.stream()
                    .filter(one -> one.eip().equals(step.name()) && isWithin(step, one.uri()))
                    .toList();
            boolean isItsOwn = recipients.stream().anyMatch(one -> one == call);
            boolean last = isItsOwn && call == recipients.getLast();
            if (isItsOwn && !isKept(step, last)) {
                return step;
            }
        }
        return null;
    }

    /** Whether a place belongs to a step. */
    static boolean isWithin(Element step, Yaml place) {
        return at(step.value()) <= at(place) && at(place) < end(step.value());
    }

    /** A later round sees what another branch set in an earlier one. */
    private static boolean isRepeated(Element step) {
        for (Element holder = step.holder(); holder != null; holder = holder.holder()) {
            if (holder.name().equals("loop")) {
                return true;
            }
        }
        return false;
    }

    /** Whether one part of the text begins before another. */
    static boolean isBefore(Yaml one, Yaml other) {
        return at(one) < at(other);
    }

    private static int at(Yaml part) {
        return part.node().getStartMark().map(Mark::getIndex).orElse(0);
    }

    private static int end(Yaml part) {
        return part.node().getEndMark().map(Mark::getIndex).orElse(0);
    }
}
