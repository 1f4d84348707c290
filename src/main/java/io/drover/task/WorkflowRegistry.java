package io.drover.task;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The workflows that are loaded; a replaced version stays known until its last attempt has ended. */
@Component
public class WorkflowRegistry {

    private final List<Workflow> replaced = new CopyOnWriteArrayList<>();
    private volatile Map<String, Workflow> current = Map.of();

    public @Nullable Workflow get(String name) {
        return current.get(name);
    }

    /** All workflows, by name. */
    public Map<String, Workflow> all() {
        return current;
    }

    /** Adds a workflow, or replaces it with its new version. */
    public synchronized void put(Workflow workflow) {
        Map<String, Workflow> next = new TreeMap<>(current);
        Workflow old = next.put(workflow.spec().name(), workflow);
        if (old != null) {
            replaced.add(old);
        }
        current = Collections.unmodifiableMap(next);
    }

    /** Removes a version, unless a newer one has already replaced it. */
    public synchronized void remove(String routeId) {
        Map<String, Workflow> next = new TreeMap<>(current);
        for (Workflow workflow : current.values()) {
            if (workflow.routeId().equals(routeId)) {
                next.remove(workflow.spec().name());
                replaced.add(workflow);
            }
        }
        current = Collections.unmodifiableMap(next);
    }

    /** The routes that new or running attempts use. */
    public synchronized Set<String> reachableRoutes() {
        replaced.removeIf(workflow -> workflow.running() == 0);
        Set<String> routes = new HashSet<>();
        current.values().forEach(workflow -> routes.add(workflow.routeId()));
        replaced.forEach(workflow -> routes.add(workflow.routeId()));
        return routes;
    }

    /** How many attempts of this workflow run here, on all versions. */
    public int running(String name) {
        int running = 0;
        Workflow newest = current.get(name);
        if (newest != null) {
            running += newest.running();
        }
        for (Workflow old : replaced) {
            if (old.spec().name().equals(name)) {
                running += old.running();
            }
        }
        return running;
    }
}
