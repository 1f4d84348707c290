package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.AnswerReason;
import io.drover.guard.RetryAfter;
import io.drover.tool.BusyFailure;
import io.drover.tool.HttpAnswerException;
import io.drover.tool.PermanentFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error of a provider: by its status, or inside an answer with a good status.
 * Providers do not charge for it.
 */
final class ProviderException extends HttpAnswerException implements BusyFailure, PermanentFailure {

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int OVERLOADED = 529;
    private static final int BAD_GATEWAY = 502;
    private static final Set<Integer> BUSY = Set.of(TOO_MANY, UNAVAILABLE, OVERLOADED);

    /** Words in an error's code, and the status that they mean; the first match counts. */
    private static final List<Map.Entry<String, Integer>> CODES = List.of(
            Map.entry("rate_limit", TOO_MANY),
            Map.entry("ratelimit", TOO_MANY),
            Map.entry("too_many", TOO_MANY),
            Map.entry("quota", TOO_MANY),
            Map.entry("resource_exhausted", TOO_MANY),
            Map.entry("throttl", TOO_MANY),
            Map.entry("overloaded", OVERLOADED),
            Map.entry("unavailable", UNAVAILABLE),
            Map.entry("auth", 401),
            Map.entry("api_key", 401),
            Map.entry("permission", 403),
            Map.entry("not_found", 404),
            Map.entry("context", 400),
            Map.entry("content_filter", 400),
            Map.entry("policy", 400),
            Map.entry("invalid", 400),
            Map.entry("bad_request", 400));

    private static final int PAYMENT_REQUIRED = 402;

    /** Codes and words of an account that has nothing left. It passes only when somebody pays, whatever the status. */
    private static final Pattern NO_CREDIT = Pattern.compile("(?i)insufficient[_ ](?:quota|balance|credits?|funds)"
            + "|billing_(?:hard_limit_reached|not_active)|credit balance is too low|out of credits");

    private static final List<String> NAMES = List.of("code", "status", "status_code", "http_status", "type");

    private static final Pattern AGAIN_IN = Pattern.compile(
            "(?i)(?:try again|retry) (?:in|after) ((?:\\d{1,6}[dhm]){0,3}\\d{1,9}(?:\\.\\d{1,9})? ?m?s)");
    private static final Pattern RETRY_DELAY = Pattern.compile("\"retryDelay\"\\s*:\\s*\"([0-9.]{1,20}s)\"");

    private final boolean withoutCredit;

    ProviderException(int status, Map<String, String> headers, String url, String body) {
        this(status, withRetryAfter(status, headers, body), url, body, body);
    }

    private ProviderException(int status, Map<String, String> headers, String url, String body, String said) {
        super(status, headers, url, body);
        withoutCredit = status == PAYMENT_REQUIRED
                || status >= 400 && status < 500 && NO_CREDIT.matcher(said).find();
    }

    /**
     * The error inside an answer with a good status, or null if there is none.
     *
     * @param answer a JSON document
     */
    static @Nullable ProviderException in(JsonNode answer, Map<String, String> headers, String url) {
        JsonNode one = answer.isArray() && !answer.isEmpty() ? answer.get(0) : answer;
        JsonNode error = error(one);
        if (error == null) {
            return null;
        }
        String reason = AnswerReason.of(error);
        String body = (reason == null ? error : reason) + " (sent as HTTP 200)";
        int status = status(error, one);
        return new ProviderException(status, withRetryAfter(status, headers, body), url, body, error.toString());
    }

    /** Whether a JSON document is an error, or holds one. */
    static boolean isError(JsonNode answer) {
        return error(answer) != null;
    }

    private static @Nullable JsonNode error(JsonNode answer) {
        List<JsonNode> places =
                List.of(answer.path("error"), answer.path("choices").path(0).path("error"));
        for (JsonNode error : places) {
            if (error.isBoolean() && error.asBoolean()) {
                return answer;
            }
            if (AnswerReason.of(error) != null || hasCode(error)) {
                return error;
            }
        }
        boolean other = answer.path("choices").isEmpty() && AnswerReason.of(answer) != null;
        return other ? answer : null;
    }

    private static boolean hasCode(JsonNode error) {
        return error.isObject()
                && NAMES.stream().anyMatch(name -> !error.path(name).asText("").isBlank());
    }

    private static int status(JsonNode error, JsonNode answer) {
        for (String name : NAMES) {
            for (JsonNode place : List.of(error.path(name), answer.path(name))) {
                int number = place.asInt();
                if (number >= 400 && number < 600) {
                    return number;
                }
                String word = place.asText().toLowerCase(Locale.ROOT);
                for (Map.Entry<String, Integer> code : CODES) {
                    if (word.contains(code.getKey())) {
                        return code.getValue();
                    }
                }
            }
        }
        return NO_CREDIT.matcher(error.toString()).find() ? PAYMENT_REQUIRED : BAD_GATEWAY;
    }

    /** Some providers say only in words when to ask again. */
    private static Map<String, String> withRetryAfter(int status, Map<String, String> headers, String body) {
        Duration asked = RetryAfter.of(status, headers, Instant.EPOCH);
        Matcher delay = RETRY_DELAY.matcher(body);
        Matcher words = AGAIN_IN.matcher(body);
        String said =
                delay.find() ? delay.group(1) : words.find() ? words.group(1).replace(" ", "") : null;
        if (asked != null || said == null) {
            return headers;
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Retry-After", said);
        return all;
    }

    @Override
    public boolean isBusy() {
        return BUSY.contains(status()) && !withoutCredit;
    }

    /** Waiting does not help: as with a wrong key, the fallback is asked, or the task is dead and says why. */
    @Override
    public boolean isPermanent() {
        return withoutCredit;
    }

    @Override
    public String remedy() {
        return withoutCredit
                ? "; the account of this model has no credit left: pay or raise its limit, then retry the dead tasks"
                : "";
    }
}
