package io.drover.route.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and signals that parallel branches of a trigger submit have a key or an id, if nothing else tells them apart.
 * The event's own keys are numbered in the order of submission.
 * That order is another one when the event comes again, and what was not stored before would be refused.
 */
final class RacedKeys implements Check {

    /** What a step submits without a key, and the option that would be one. */
    private record Nameless(Element step, EndpointUse use, String option) {}

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null || !route.isTrigger() || !EventIdentity.isKnown(from)) {
            return;
        }
        Map<Element, Map<String, Element>> firsts = new IdentityHashMap<>();
        for (Nameless nameless : nameless(route)) {
            boolean raced = false;
            for (Element outer = nameless.step; outer != null; outer = outer.holder()) {
                if (!routes.settings.resolve(outer.text("parallelProcessing")).equals("true")) {
                    continue;
                }
                Element branch = branch(nameless.step, outer);
                Element first = firsts.computeIfAbsent(outer, step -> new HashMap<>())
                        .putIfAbsent(nameless.use + (isSplitWithin(nameless.step, null) ? "/part" : ""), branch);
                raced |= switch (outer.name()) {
                    case "multicast" -> first != null && first != branch;
                    case "split" -> isSplitWithin(nameless.step, outer);
                    default -> false;
                };
            }
            if (raced) {
                findings.add(route, nameless.use.line(), problem(nameless));
            }
        }
    }

    private static String problem(Nameless nameless) {
        return "%s needs the parameter %s: parallel branches submit several for one event, in an order that is not fixed; "
                        .formatted(nameless.use, nameless.option)
                + "add parameters: { %s: \"...\" }, or leave parallelProcessing out".formatted(nameless.option);
    }

    private static List<Nameless> nameless(RouteSource route) {
        List<Nameless> found = new ArrayList<>();
        for (Element step : route.elements()) {
            Yaml uri = step.value().isScalar() ? step.value() : step.get("uri");
            if (step.isStep() && Set.of("to", "toD").contains(step.name()) && uri != null && uri.isScalar()) {
                EndpointUse use = EndpointUse.of(step.name(), uri, step.get("parameters"));
                String option = use.is("task") ? "key" : use.is("signal") ? "id" : "";
                if (!option.isEmpty() && use.value(option).isBlank()) {
                    found.add(new Nameless(step, use, option));
                }
            }
        }
        return found;
    }

    /** The step directly below another one in which a step is. */
    private static Element branch(Element step, Element outer) {
        Element branch = step;
        for (Element next = step; next != null && next != outer; next = next.holder()) {
            branch = next.isStep() ? next : branch;
        }
        return branch;
    }

    /** The index of a part is that of the inner split, which comes again in each part of the outer one. */
    private static boolean isSplitWithin(Element step, @Nullable Element outer) {
        for (Element next = step.holder(); next != null && next != outer; next = next.holder()) {
            if (next.name().equals("split")) {
                return true;
            }
        }
        return false;
    }
}
