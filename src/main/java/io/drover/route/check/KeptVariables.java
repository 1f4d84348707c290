package io.drover.route.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which variables are there at a place of a route, where {@link Branches} lose some. */
final class KeptVariables {

    /** A variable that is set, and where. */
    private record Setting(String name, Yaml place) {}

    /** What a route sets itself. */
    private record Own(Branches branches, List<Setting> settings) {

        static Own of(RouteSource route) {
            List<Setting> settings = new ArrayList<>();
            SetVariables.visit(route, (name, place) -> settings.add(new Setting(name, place)));
            return new Own(Branches.of(route), settings);
        }
    }

    private final RouteSet routes;
    private final Map<RouteSource, Own> own = new IdentityHashMap<>();

    /** By route, those that a route which calls it has afterwards. */
    private final Map<RouteSource, Set<String>> kept = new IdentityHashMap<>();

    KeptVariables(RouteSet routes) {
        this.routes = routes;
    }

    Set<String> at(RouteSource route, Yaml place) {
        Set<String> names = new HashSet<>();
        add(route, place, names, Collections.newSetFromMap(new IdentityHashMap<>()));
        return names;
    }

    /** The step that loses a variable before a place sees it, or null where a route that calls this one loses it. */
    @Nullable
    Element loses(RouteSource route, String name, Yaml place) {
        Own own = own(route);
        for (Setting setting : own.settings) {
            Element step = isOf(name, setting.name) ? own.branches.hides(setting.place, place) : null;
            if (step != null) {
                return step;
            }
        }
        for (EndpointUse call : route.uses()) {
            Element step =
                    called(call).stream().anyMatch(other -> kept(other).stream().anyMatch(one -> isOf(name, one)))
                            ? own.branches.hides(call, place)
                            : null;
            if (step != null) {
                return step;
            }
        }
        return null;
    }

    /** The step in which a variable is changed to no avail: a later place reads what was there before. Null if there is none. */
    @Nullable
    Element reverts(RouteSource route, String name, Yaml place) {
        Own own = own(route);
        List<Yaml> seen = new ArrayList<>();
        List<Element> dropped = new ArrayList<>();
        for (Setting setting : own.settings) {
            if (isOf(name, setting.name)) {
                sort(
                        own.branches.hides(setting.place, place),
                        own.branches.drops(setting.place, place),
                        setting.place,
                        seen,
                        dropped);
            }
        }
        for (EndpointUse call : route.uses()) {
            if (called(call).stream().anyMatch(other -> kept(other).stream().anyMatch(one -> isOf(name, one)))) {
                sort(own.branches.hides(call, place), own.branches.drops(call, place), call.uri(), seen, dropped);
            }
        }
        return dropped.stream()
                .filter(step -> seen.stream()
                        .noneMatch(set -> Branches.isBefore(step.value(), set) && Branches.isBefore(set, place)))
                .findFirst()
                .orElse(null);
    }

    private static void sort(
            @Nullable Element hides, @Nullable Element drops, Yaml set, List<Yaml> seen, List<Element> dropped) {
        if (hides == null) {
            seen.add(set);
        } else if (drops != null) {
            dropped.add(drops);
        }
    }

    /** Whether a name is a variable, or something in it. */
    static boolean isOf(String name, String variable) {
        return name.equals(variable) || name.startsWith(variable + ".");
    }

    private void add(RouteSource route, Yaml place, Set<String> names, Set<EndpointUse> asked) {
        SetVariables.atStart(route, routes, names);
        Own own = own(route);
        for (Setting setting : own.settings) {
            if (own.branches.hides(setting.place, place) == null) {
                names.add(setting.name);
            }
        }
        for (EndpointUse call : route.uses()) {
            if (call.is("direct") && own.branches.hides(call, place) == null) {
                called(call).forEach(other -> names.addAll(kept(other)));
            }
        }
        if (route.kind() == RouteKind.INNER) {
            for (RouteSource caller : routes.routes) {
                for (EndpointUse call : caller.uses()) {
                    if (leadsTo(call, route) && asked.add(call)) {
                        add(caller, call.uri(), names, asked);
                    }
                }
            }
        }
    }

    private Own own(RouteSource route) {
        return own.computeIfAbsent(route, Own::of);
    }

    private Set<String> kept(RouteSource route) {
        Set<String> names = kept.get(route);
        if (names == null) {
            names = new HashSet<>();
            addKept(route, names, Collections.newSetFromMap(new IdentityHashMap<>()));
            kept.put(route, names);
        }
        return names;
    }

    private void addKept(RouteSource route, Set<String> names, Set<RouteSource> seen) {
        if (!seen.add(route)) {
            return;
        }
        Own own = own(route);
        for (Setting setting : own.settings) {
            if (own.branches.keeps(setting.place)) {
                names.add(setting.name);
            }
        }
        for (EndpointUse call : route.uses()) {
            if (own.branches.keeps(call)) {
                called(call).forEach(other -> addKept(other, names, seen));
            }
        }
    }

    private List<RouteSource> called(EndpointUse call) {
        return call.is("direct")
                ? routes.routes.stream().filter(other -> leadsTo(call, other)).toList()
                : List.of();
    }

    private static boolean leadsTo(EndpointUse call, RouteSource route) {
        return call.toString().equals(String.valueOf(route.from()));
    }
}
