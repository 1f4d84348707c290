package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.Mode;
import io.drover.journal.memory.MemoryJournal;
import io.drover.kit.TestCase.Answer;
import io.drover.kit.TestCase.Line;
import io.drover.memory.RecalledFact;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one run of a case has: its journal, what is left of its answers and its script, and what the other sides did. */
final class Stage {

    /** What the other side of a tool did. */
    record Effect(String tool, UUID key) {}

    final MemoryJournal journal;
    private final TestCase script;
    private final Map<Answer, Integer> used = new IdentityHashMap<>();
    private final Map<String, Integer> said = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Map<String, JsonNode> results = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, List<RecalledFact>> facts = new HashMap<>();
    private final Map<String, Kept> cache = new HashMap<>();
    private final Clock clock;
    private boolean modelMissed;

    private record Kept(String document, Instant until) {}

    Stage(TestCase script, Clock clock) {
        this.script = script;
        this.clock = clock;
        this.journal = new MemoryJournal(clock);
    }

    synchronized List<RecalledFact> facts(String key) {
        return List.copyOf(facts.getOrDefault(key, List.of()));
    }

    synchronized void remember(String key, String text) {
        List<RecalledFact> all = facts.computeIfAbsent(key, one -> new ArrayList<>());
        all.removeIf(fact -> fact.fact().equals(text));
        all.add(new RecalledFact(text, clock.instant(), 1));
    }

    synchronized int forget(String key) {
        List<RecalledFact> all = facts.remove(key);
        return all == null ? 0 : all.size();
    }

    synchronized @Nullable String cached(String key) {
        Kept kept = cache.get(key);
        return kept == null || !kept.until.isAfter(clock.instant()) ? null : kept.document;
    }

    synchronized void cache(String key, String document, Duration keep) {
        cache.put(key, new Kept(document, clock.instant().plus(keep)));
    }

    TestCase script() {
        return script;
    }

    /** Whether it mirrors a task, so that a tool may be called that has no answer: nothing is found. */
    boolean isMirror() {
        return script.mode() == Mode.SHADOW;
    }

    /** An agent has asked for more than the case has to say. */
    synchronized void missModel() {
        modelMissed = true;
    }

    synchronized boolean isModelMissed() {
        return modelMissed;
    }

    /** What a call of a tool is answered with, or null. A call that is made again is one more. */
    synchronized @Nullable Answer answer(String tool, JsonNode arguments) {
        for (Answer answer : script.tools().getOrDefault(tool, List.of())) {
            int before = used.getOrDefault(answer, 0);
            boolean fits = answer.when() == null || Matching.fits(answer.when(), arguments);
            if (fits && before < answer.times()) {
                used.put(answer, before + 1);
                return answer;
            }
        }
        return null;
    }

    /** In what the nearest of a tool's answers differs from these arguments, in words; empty where there is none. */
    synchronized String nearest(String tool, JsonNode arguments) {
        return script.tools().getOrDefault(tool, List.of()).stream()
                .filter(answer -> answer.when() != null)
                .map(answer -> Matching.differences(Objects.requireNonNull(answer.when()), arguments))
                .filter(differences -> !differences.isEmpty())
                .min(Comparator.comparing(List::size))
                .map(differences -> " (the nearest one is for others: %s)".formatted(differences.getFirst()))
                .orElse("");
    }

    /** What the model says next to an agent, or null. */
    synchronized @Nullable Line line(String agent) {
        List<Line> lines = script.agents().getOrDefault(agent, List.of());
        int next = said.merge(agent, 1, Integer::sum);
        return next > lines.size() ? null : lines.get(next - 1);
    }

    /** The other side did what was asked. */
    synchronized void tookEffect(String tool, UUID key, JsonNode result) {
        effects.add(new Effect(tool, key));
        results.put(key.toString(), result);
    }

    /** What it did for a call, by its Idempotency-Key, or null where it did nothing. */
    synchronized @Nullable JsonNode resultOf(String key) {
        return results.get(key);
    }

    /** The same once the worker has died: it asks again for what it had been answered, and is answered the same. */
    synchronized @Nullable JsonNode afterTheCrash(UUID key) {
        return journal.diedAfter() == null ? null : results.get(key.toString());
    }

    /** How often a tool took effect; a call that is repeated under its Idempotency-Key takes it once. */
    synchronized Map<String, Integer> effects(Set<String> idempotent) {
        Map<String, Integer> counts = new HashMap<>();
        Set<Effect> seen = new HashSet<>();
        for (Effect effect : effects) {
            if (seen.add(effect) || !idempotent.contains(effect.tool())) {
                counts.merge(effect.tool(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** The case itself is not complete, whatever became of the task. */
    synchronized void problem(String what) {
        if (!problems.contains(what)) {
            problems.add(what);
        }
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }
}
