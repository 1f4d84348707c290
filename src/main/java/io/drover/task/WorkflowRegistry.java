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
import java.util.Objects;
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

    /** All at one time. @param numbers the versions by the workflow's name, the lowest first */
    private record Loaded(SortedMap<WorkflowVersion, Workflow> all, Map<String, List<Integer>> numbers) {

        static Loaded of(SortedMap<WorkflowVersion, Workflow> all) {
            Map<String, List<Integer>> numbers = new TreeMap<>();
            all.keySet().forEach(one -> numbers.computeIfAbsent(one.workflow(), name -> new ArrayList<>())
                    .add(one.version()));
            return new Loaded(Collections.unmodifiableSortedMap(all), Collections.unmodifiableMap(numbers));
        }
    }

    private final List<Workflow> replaced = new CopyOnWriteArrayList<>();
    private volatile Loaded loaded = Loaded.of(new TreeMap<>(ORDER));
    private final RolloutsInForce rollouts;

    WorkflowRegistry(RolloutsInForce rollouts) {
        this.rollouts = rollouts;
    }

    /** The current version of a workflow, which gets the new tasks that no rollout assigns. */
    public @Nullable Workflow get(String name) {
        return current(loaded, name);
    }

    public @Nullable Workflow get(WorkflowVersion version) {
        return loaded.all().get(version);
    }

    /** The current version of each workflow, by name. */
    public Map<String, Workflow> all() {
        Loaded now = loaded;
        Map<String, Workflow> current = new TreeMap<>();
        now.numbers().keySet().forEach(name -> current.put(name, Objects.requireNonNull(current(now, name), name)));
        return current;
    }

    private @Nullable Workflow current(Loaded now, String name) {
        List<Integer> versions = now.numbers().get(name);
        return versions == null ? null : now.all().get(new WorkflowVersion(name, rollouts.current(name, versions)));
    }

    /** All versions of all workflows, by name and version. */
    public Collection<Workflow> versions() {
        return loaded.all().values();
    }

    /** All versions of a workflow, the lowest first. */
    public List<Workflow> versions(String name) {
        return List.copyOf(loaded.all()
                .subMap(new WorkflowVersion(name, 0), new WorkflowVersion(name, Integer.MAX_VALUE))
                .values());
    }

    /** Adds a version of a workflow, or replaces its definition. */
    public synchronized void put(Workflow workflow) {
        SortedMap<WorkflowVersion, Workflow> next = new TreeMap<>(loaded.all());
        Workflow old = next.put(workflow.spec().id(), workflow);
        if (old != null) {
            replaced.add(old);
        }
        loaded = Loaded.of(next);
    }

    /** Removes a definition, unless a newer one has already replaced it. */
    public synchronized void remove(String routeId) {
        SortedMap<WorkflowVersion, Workflow> next = new TreeMap<>(loaded.all());
        for (Workflow workflow : versions()) {
            if (workflow.routeId().equals(routeId)) {
                next.remove(workflow.spec().id());
                replaced.add(workflow);
            }
        }
        loaded = Loaded.of(next);
    }

    /** The routes that new or running attempts use. */
    public synchronized Set<String> reachableRoutes() {
        replaced.removeIf(workflow -> workflow.running() == 0);
        Set<String> routes = new HashSet<>();
        versions().forEach(workflow -> routes.add(workflow.routeId()));
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
