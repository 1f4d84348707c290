package io.drover.rollout;

import io.drover.journal.ImageTrial;
import io.drover.start.Periodic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The rollouts as this process knows them, in memory: which version a new task gets. The database decides, and each process looks
 * once a second; what only the file says until now keeps its candidate from being the current version.
 */
@Component
public class RolloutsInForce {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutsInForce.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** What is known. @param alive by workflow @param heldBack by workflow, the versions that are not current though they are the highest */
    private record Known(
            List<RolloutView> all, Map<String, RolloutView> alive, Map<String, Set<Integer>> heldBack, boolean looked) {

        static final Known NOTHING = new Known(List.of(), Map.of(), Map.of(), false);
    }

    private static final int FORGETS_EVERY = 60;
    private static final int MOST_FORGOTTEN = 10_000;

    private final RolloutRows rows;
    private final Judging judging;
    private final ImageTrial image;
    private @Nullable String lastImage;
    private final Periodic clock = new Periodic("rollouts", PERIOD, this::tick);
    private final ReentrantLock reading = new ReentrantLock();
    private long ticks;
    private volatile Known known = Known.NOTHING;
    private volatile List<DeclaredRollout> declared = List.of();
    private volatile @Nullable String unusable = "the rollouts have not been read yet";

    RolloutsInForce(RolloutRows rows, Judging judging, ImageTrial image) {
        this.rows = rows;
        this.judging = judging;
        this.image = image;
    }

    /** Those of a process that has no database. */
    public static RolloutsInForce untried() {
        return new UntriedRollouts();
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        clock.start(Duration.ZERO);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.close();
    }

    /** What the file says; it begins with the next look. */
    public void put(List<DeclaredRollout> rollouts) {
        declared = List.copyOf(rollouts);
        unusable = null;
        reading.lock();
        try {
            know(known.all(), known.looked());
        } finally {
            reading.unlock();
        }
    }

    /** The file cannot be used. Where none could be read before, no version is current that no rollout promoted, but the lowest. */
    public void unusable(String why) {
        if (unusable != null) {
            unusable = why;
        }
    }

    /** Whether a file of rollouts could be read, or there is none. */
    public boolean isAnyInForce() {
        return unusable == null;
    }

    /** The same as {@link #all()}, as far as it is known; it never asks the database. */
    public List<RolloutView> known() {
        return known.all();
    }

    /** All that ever began, the oldest first. */
    public List<RolloutView> all() {
        return looked().all();
    }

    /**
     * Which version a new task gets.
     *
     * @param key the task's key, or its id if it has none
     */
    public Assignment assign(String workflow, String key) {
        RolloutView rollout = looked().alive().get(workflow);
        if (rollout == null) {
            return Assignment.CURRENT;
        }
        Buckets buckets = new Buckets(rollout.id(), rollout.share());
        Rollout settings = rollout.settings();
        if (settings.shadow() != null) {
            return new Assignment(settings.control(), buckets.hasCandidate(key) ? rollout.id() : null);
        }
        return new Assignment(
                buckets.hasCandidate(key) ? settings.candidate() : settings.control(),
                buckets.side(key) == null ? null : rollout.id(),
                settings.isScored());
    }

    /**
     * Which of a workflow's versions gets the tasks that no rollout assigns: the highest one that is not on trial, was not rolled
     * back and not aborted. Where there is none it is the lowest, which a person left alone in force.
     *
     * @param versions the lowest first; at least one
     */
    public int current(String workflow, List<Integer> versions) {
        if (versions.size() == 1) {
            return versions.getFirst();
        }
        Known now = looked();
        Set<Integer> heldBack = now.heldBack().getOrDefault(workflow, Set.of());
        for (int version : versions.reversed()) {
            if (!heldBack.contains(version) && (unusable == null || wasPromoted(now.all(), workflow, version))) {
                return version;
            }
        }
        return versions.getFirst();
    }

    private static boolean wasPromoted(Collection<RolloutView> all, String workflow, int version) {
        return all.stream()
                .anyMatch(one -> one.state() == RolloutState.PROMOTED
                        && one.settings().workflow().equals(workflow)
                        && one.settings().candidate() == version);
    }

    /** Reads the rollouts. */
    public void refresh() {
        reading.lock(); // an older answer must not replace a newer one
        try {
            know(rows.all(), true);
        } finally {
            reading.unlock();
        }
    }

    /** No task is given a version before it is known which rollouts there are. */
    private Known looked() {
        Known now = known;
        if (!now.looked()) {
            refresh();
            now = known;
        }
        return now;
    }

    void know(List<RolloutView> all, boolean looked) {
        Map<String, RolloutView> alive = new HashMap<>();
        Map<String, Set<Integer>> heldBack = new HashMap<>();
        Set<String> begun = new HashSet<>();
        for (RolloutView one : all) {
            Rollout settings = one.settings();
            begun.add(one.id());
            Set<Integer> versions = heldBack.computeIfAbsent(settings.workflow(), name -> new HashSet<>());
            if (one.state() == RolloutState.PROMOTED) {
                versions.remove(settings.candidate()); // the last rollout of a version decides
            } else {
                versions.add(settings.candidate());
            }
            if (one.state().isAlive()) {
                alive.put(settings.workflow(), one);
            }
        }
        for (DeclaredRollout one : declared) {
            Rollout rollout = one.rollout();
            if (!begun.contains(rollout.id())) {
                heldBack.computeIfAbsent(rollout.workflow(), name -> new HashSet<>())
                        .add(rollout.candidate());
            }
        }
        known = new Known(List.copyOf(all), alive, heldBack, looked);
    }

    /** Looks once. */
    void tick() {
        try {
            refresh();
            begin();
            lookAtImage();
            if (judging.look(known.all())) {
                refresh();
            }
            if (++ticks % FORGETS_EVERY == 0) {
                rows.forget(MOST_FORGOTTEN);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the rollouts could not be read; this is tried again: {}", e.getMessage());
        }
    }

    /**
     * The trial of an image begins with the first process that sees it. A process that sees another one, which has begun before, has
     * not got the file of now; one that saw it and sees none any more ends it.
     */
    private void lookAtImage() {
        String now = image.id();
        boolean begun =
                now == null || known.all().stream().anyMatch(one -> one.id().equals(now));
        String gone = now == null ? lastImage : null;
        List<String> replaced = known.all().stream()
                .filter(one -> one.settings().isOfImage() && one.state().isAlive())
                .map(RolloutView::id)
                .filter(id -> !begun || id.equals(gone))
                .toList();
        replaced.forEach(
                id -> judging.replaced(id, now == null ? "the canary's share is 0" : "another image is on trial"));
        if (now != null && !begun) {
            judging.begin(Rollout.ofImage(now, image.share()));
        }
        if (!begun || !replaced.isEmpty()) {
            refresh();
        }
        lastImage = now;
        image.refuse(known.all().stream()
                .anyMatch(one -> one.id().equals(now) && one.state().isRefused()));
    }

    /** The first of each workflow that has not begun, where no other one of the workflow is alive. */
    private void begin() {
        Known now = known;
        Set<String> busy = new HashSet<>(now.alive().keySet());
        for (DeclaredRollout one : declared) {
            Rollout rollout = one.rollout();
            boolean begun = now.all().stream().anyMatch(other -> other.id().equals(rollout.id()));
            if (!begun && one.ready() && busy.add(rollout.workflow()) && judging.begin(rollout)) {
                refresh();
            }
        }
    }
}
