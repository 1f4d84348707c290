package io.drover.tool;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** So many calls in so much time, written {@code 20/1s}, {@code 100/1m} or {@code 5000/1h}. */
public record Rate(int calls, Duration period) {

    /** The throttler keeps one object for each permit, and makes them all when a tool is first called after a pause. */
    static final int MAX_CALLS = 100_000;

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})/(\\d{1,6})(ms|s|m|h)");

    public Rate {
        if (calls < 1 || calls > MAX_CALLS || period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException(
                    "throttle %s/%s must allow 1 to %d calls in a positive time".formatted(calls, period, MAX_CALLS));
        }
    }

    public static Rate parse(String text) {
        Matcher m = FORMAT.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "throttle '%s' must be <calls>/<time> with the time in ms, s, m or h, as in 20/1s".formatted(text));
        }
        long amount = Long.parseLong(m.group(2));
        Duration period =
                switch (m.group(3)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                };
        return new Rate(Integer.parseInt(m.group(1)), period);
    }

    /**
     * @param setting names what was set
     * @return null if the text is a rate, else the problem
     */
    public static @Nullable String problem(String setting, String text) {
        try {
            parse(text);
            return null;
        } catch (IllegalArgumentException e) {
            return setting.equals("throttle") ? e.getMessage() : setting + ": " + e.getMessage();
        }
    }

    /**
     * @param setting names what was set
     * @throws IllegalArgumentException if the text is not a rate
     */
    public static void check(String setting, String text) {
        String problem = problem(setting, text);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * What each of so many workers may take: exactly the rate divided. Where the calls do not divide, the time is longer to make up for
     * it: of 20/1s, each of three may make 7 calls in 1.05 s.
     */
    public Rate share(int workers) {
        int share = (calls + workers - 1) / workers;
        return new Rate(share, Duration.ofNanos((long) ((double) period.toNanos() * share * workers / calls)));
    }

    @Override
    public String toString() {
        return calls + "/" + (period.toMillis() % 1000 == 0 ? period.toSeconds() + "s" : period.toMillis() + "ms");
    }
}
