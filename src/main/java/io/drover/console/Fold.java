package io.drover.console;

import io.drover.console.Timeline.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of a timeline: an event, or a run of done calls that is opened when somebody wants to see it.
 * What is newest, open, failed or in doubt is never folded.
 */
record Fold(List<Event> events) {

    /** A timeline that is no longer than this is shown whole. */
    private static final int SHORT = 25;

    private static final int NEWEST = 8;
    private static final int FEWEST = 4;

    /** More are several folds: each is fetched whole, and one that is full does not change any more. */
    private static final int MOST = 100;

    private static final int MOST_NAMES = 4;

    static List<Fold> of(List<Event> events) {
        List<Fold> folds = new ArrayList<>();
        List<Event> run = new ArrayList<>();
        int last = events.size() <= SHORT ? 0 : events.size() - NEWEST;
        for (int i = 0; i < events.size(); i++) {
            boolean folded = i < last && events.get(i).isDone();
            if (!folded || run.size() == MOST) {
                end(run, folds);
            }
            if (folded) {
                run.add(events.get(i));
            } else {
                folds.add(new Fold(List.of(events.get(i))));
            }
        }
        end(run, folds);
        return folds;
    }

    private static void end(List<Event> run, List<Fold> folds) {
        if (run.size() < FEWEST) {
            run.forEach(event -> folds.add(new Fold(List.of(event))));
        } else {
            folds.add(new Fold(List.copyOf(run)));
        }
        run.clear();
    }

    /** The done calls from one to another, both included; none where there is no such call. */
    static List<Event> between(List<Event> events, int first, int last) {
        int from = index(events, first);
        int to = index(events, last);
        return from < 0 || to < from
                ? List.of()
                : events.subList(from, to + 1).stream()
                        .filter(Event::isDone)
                        .limit(MOST)
                        .toList();
    }

    private static int index(List<Event> events, int call) {
        for (int i = 0; i < events.size(); i++) {
            if (number(events.get(i)) == call) {
                return i;
            }
        }
        return -1;
    }

    /** Public, as what follows, because templates call it. */
    public boolean isFolded() {
        return events.size() > 1;
    }

    /** The event, or the first one of the run. */
    public Event first() {
        return events.getFirst();
    }

    /** The number of the first call of the run. */
    public int from() {
        return number(events.getFirst());
    }

    /** The number of the last call of the run. */
    public int to() {
        return number(events.getLast());
    }

    /** As in {@code 12 calls done: charge × 8, ship × 4}. */
    public String label() {
        return "%d calls done: %s".formatted(events.size(), names(events.stream()));
    }

    /** The tools of calls, each with how often it was called. */
    static String names(Stream<Event> events) {
        return counted(events.map(Event::call).filter(Objects::nonNull).map(call -> call.tool()));
    }

    /** Names, each once, with how often it comes; the most frequent ones where they are many. */
    static String counted(Stream<String> names) {
        Map<String, Long> counts =
                names.collect(Collectors.groupingBy(name -> name, LinkedHashMap::new, Collectors.counting()));
        boolean many = counts.size() > MOST_NAMES;
        Stream<Map.Entry<String, Long>> shown = counts.entrySet().stream();
        if (many) {
            shown = shown.sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(MOST_NAMES);
        }
        return shown.map(count -> count.getKey() + (count.getValue() == 1 ? "" : " × " + count.getValue()))
                        .collect(Collectors.joining(", "))
                + (many ? " and %d more".formatted(counts.size() - MOST_NAMES) : "");
    }

    private static int number(Event event) {
        return event.call() == null ? -1 : event.call().n();
    }
}
