package io.drover.task;

import io.drover.journal.WorkflowVersion;
import io.drover.rollout.RolloutsInForce;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The workflows that are loaded, each in one or more versions side by side. A definition that another one replaced, because its file
 * was edited, stays known until its last attempt has ended.
 */
@Component
public class WorkflowRegistry {

    private static final Comparator<WorkflowVersion> ORDER =
            Comparator.comparing(WorkflowVersion::workflow).thenComparing(WorkflowVersion::version);

    private final List<Workflow> replaced = new CopyOnWriteArrayList<>();
    private volatile SortedMap<WorkflowVersion, Workflow> loaded = new TreeMap<>(ORDER);
    private volatile Map<String, List<Integer>> numbers = Map.of(); // the lowest first
    private final RolloutsInForce rollouts;

    WorkflowRegistry(RolloutsInForce rollouts) {
        this.rollouts = rollouts;
    }

    /** The current version of a workflow, which gets the new tasks that no rollout assigns. */
    public @Nullable Workflow get(String name) {
        List<Integer> versions = numbers.get(name);
        return versions == null ? null : get(new WorkflowVersion(name, rollouts.current(name, versions)));
    }

    public @Nullable Workflow get(WorkflowVersion version) {
        return loaded.get(version);
    }

    /** The current version of each workflow, by name. */
    public Map<String, Workflow> all() {
        Map<String, Workflow> current = new TreeMap<>();
        numbers.keySet().forEach(name -> {
            Workflow workflow = get(name);
            if (workflow != null) { // it may just be removed
                current.put(name, workflow);
            }
        });
        return current;
    }

    /** All versions of all workflows, by name and version. */
    public Collection<Workflow> versions() {
        return loaded.values();
    }

    /** All versions of a workflow, the lowest first. */
    public List<Workflow> versions(String name) {
        return List.copyOf(loaded.subMap(new WorkflowVersion(name, 0), new WorkflowVersion(name, Integer.MAX_VALUE))
                .values());
    }

    /** Adds a version of a workflow, or replaces its definition. */
    public synchronized void put(Workflow workflow) {
        SortedMap<WorkflowVersion, Workflow> next = new TreeMap<>(loaded);
        Workflow old = next.put(workflow.spec().id(), workflow);
        if (old != null) {
            replaced.add(old);
        }
        set(next);
    }

    /** Removes a definition, unless a newer one has already replaced it. */
    public synchronized void remove(String routeId) {
        SortedMap<WorkflowVersion, Workflow> next = new TreeMap<>(loaded);
        for (Workflow workflow : loaded.values()) {
            if (workflow.routeId().equals(routeId)) {
                next.remove(workflow.spec().id());
                replaced.add(workflow);
            }
        }
        set(next);
    }

    private void set(SortedMap<WorkflowVersion, Workflow> next) {
        Map<String, List<Integer>> versions = new TreeMap<>();
        next.keySet().forEach(one -> versions.computeIfAbsent(one.workflow(), name -> new ArrayList<>())
                .add(one.version()));
        loaded = Collections.unmodifiableSortedMap(next);
        numbers = Collections.unmodifiableMap(versions);
    }

    /** The routes that new or running attempts use. */
    public synchronized Set<String> reachableRoutes() {
        replaced.removeIf(workflow -> workflow.running() == 0);
        Set<String> routes = new HashSet<>();
        loaded.values().forEach(workflow -> routes.add(workflow.routeId()));
        replaced.forEach(workflow -> routes.add(workflow.routeId()));
        return routes;
    }

    /** How many attempts of this workflow run here, on all its versions and definitions. */
    public int running(String name) {
        List<Workflow> all = new ArrayList<>(replaced);
        all.addAll(versions(name));
        return all.stream()
                .filter(workflow -> workflow.spec().name().equals(name))
                .mapToInt(Workflow::running)
                .sum();
    }
}
