package io.drover.guard;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a service wants to be asked again. {@code Retry-After} (RFC 9110, section 10.2.3) comes first, with fractions of
 * a second too; then {@code retry-after-ms}; then the times at which a limit that is spent is reset. At most a day.
 */
public final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,15})?");
    private static final Pattern LENGTH = Pattern.compile(
            "(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m(?!s))?(?:(\\d{1,9}(?:\\.\\d{1,9})?)(m?s))?");

    /** What the services call the reset of a limit; each begins or ends the header's name. */
    private static final Pattern RESET =
            Pattern.compile("(?:x-)?ratelimit-reset(?:-[a-z-]+)?|anthropic-ratelimit-[a-z-]+-reset");

    private static final DateTimeFormatter RFC_850 =
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);

    private static final double EPOCH_SECONDS = 1e9;
    private static final double EPOCH_MILLIS = 1e11;

    private static final int TOO_MANY = 429;

    private RetryAfter() {}

    /**
     * How long to wait, or null where the headers do not tell.
     *
     * @param status of the answer: services send their limits with every answer, but only a 429 is about them
     */
    public static @Nullable Duration of(int status, Map<String, String> headers, Instant now) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        Duration asked = read(byName.get("Retry-After"), now);
        if (asked == null) {
            String millis = byName.get("retry-after-ms");
            asked = millis == null ? null : read(millis.strip() + "ms", now);
        }
        return asked == null ? reset(status, byName, now) : asked;
    }

    /**
     * The latest reset of the limits that are spent. If none says that it is spent, of all limits after a 429, because a
     * request may need more than what remains; after any other answer of those that do not say what remains.
     */
    private static @Nullable Duration reset(int status, Map<String, String> headers, Instant now) {
        List<String> resets = headers.keySet().stream()
                .filter(name -> RESET.matcher(name.toLowerCase(Locale.ROOT)).matches())
                .toList();
        List<String> spent = resets.stream()
                .filter(name -> "0".equals(remaining(headers, name)))
                .toList();
        return resets.stream()
                .filter(name ->
                        spent.isEmpty() ? status == TOO_MANY || remaining(headers, name) == null : spent.contains(name))
                .map(name -> read(headers.get(name), now))
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(null);
    }

    private static @Nullable String remaining(Map<String, String> headers, String reset) {
        String remaining = headers.get(reset.replaceAll("(?i)reset", "remaining"));
        return remaining == null ? null : remaining.strip();
    }

    /** A time as services write it: seconds, {@code 6m0.5s}, {@code 20ms}, a date, or seconds or milliseconds since 1970. */
    public static @Nullable Duration read(@Nullable String value, Instant now) {
        if (value == null || value.length() > 100) {
            return null;
        }
        String text = value.strip();
        if (NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            double millis = number < EPOCH_SECONDS
                    ? number * 1000
                    : (number < EPOCH_MILLIS ? number * 1000 : number) - now.toEpochMilli();
            return bounded(Duration.ofMillis((long) Math.ceil(Math.min(millis, LONGEST.toMillis()))));
        }
        Matcher length = LENGTH.matcher(text);
        return !text.isEmpty() && length.matches() ? bounded(length(length)) : date(text, now);
    }

    private static Duration length(Matcher parts) {
        Duration length = Duration.ofDays(number(parts.group(1)))
                .plusHours(number(parts.group(2)))
                .plusMinutes(number(parts.group(3)));
        if (parts.group(4) == null) {
            return length;
        }
        double factor = parts.group(5).equals("ms") ? 1 : 1000;
        return length.plusMillis((long) Math.ceil(Double.parseDouble(parts.group(4)) * factor));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static @Nullable Duration date(String text, Instant now) {
        Stream<Function<String, Instant>> forms = Stream.of(
                date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant(),
                date -> ZonedDateTime.parse(date).toInstant(),
                date -> LocalDateTime.parse(date, RFC_850).toInstant(ZoneOffset.UTC),
                date -> LocalDateTime.parse(date, ASCTIME).toInstant(ZoneOffset.UTC));
        return forms.map(form -> at(form, text))
                .filter(Objects::nonNull)
                .findFirst()
                .map(then -> bounded(Duration.between(now, then)))
                .orElse(null);
    }

    private static @Nullable Instant at(Function<String, Instant> form, String date) {
        try {
            return form.apply(date);
        } catch (DateTimeException e) {
            return null; // another form, or none: as if it had not been sent
        }
    }

    private static Duration bounded(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
