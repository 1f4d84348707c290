package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usage that a server reports for an answer.
 * It is believed only within the limits of the call.
 *
 * @param in     tokens of the prompt, or null if it does not tell
 * @param cached of those; null for none
 * @param out    tokens of the answer, or null if it does not tell
 * @param total  of both, or null; more than both where thoughts are counted apart
 */
record ReportedUsage(@Nullable Long in, @Nullable Long cached, @Nullable Long out, @Nullable Long total) {

    static final ReportedUsage NONE = new ReportedUsage(null, null, null, null);

    /** More than any model can read or write. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);

    private static final int LONGEST_NUMBER = 50;

    private static final List<String> IN = List.of("prompt_tokens", "input_tokens");
    private static final List<String> OUT = List.of("completion_tokens", "output_tokens");
    private static final List<String> CACHED = List.of(
            "/prompt_tokens_details/cached_tokens",
            "/input_tokens_details/cached_tokens",
            "/prompt_cache_hit_tokens",
            "/cache_read_input_tokens",
            "/num_cached_tokens");

    /** Of a chat completion; Groq has it elsewhere, too. */
    static ReportedUsage of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        if (!usage.isObject()) {
            usage = answer.path("x_groq").path("usage");
        }
        JsonNode said = usage;
        return new ReportedUsage(
                first(IN.stream().map(said::path).toList()),
                first(CACHED.stream().map(said::at).toList()),
                first(OUT.stream().map(said::path).toList()),
                number(said.path("total_tokens")));
    }

    private static @Nullable Long first(List<JsonNode> places) {
        return places.stream()
                .map(ReportedUsage::number)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Long number(JsonNode said) {
        try {
            if (!said.isNumber() && !said.isTextual() || said.asText().length() > LONGEST_NUMBER) {
                return null;
            }
            BigDecimal number = new BigDecimal(said.asText().strip());
            return number.min(MOST).max(BigDecimal.ZERO).longValue();
        } catch (NumberFormatException e) {
            return null; // as if it had not been sent
        }
    }

    /**
     * The usage that is counted and paid: between nothing and what was reserved.
     * The reservation is also assumed if the server does not report a number.
     * A server that reports a prompt without tokens has counted nothing, because there is no such prompt.
     */
    Usage within(Usage reserved) {
        long hit = cached == null ? 0 : cached;
        long said = in == null ? 0 : in;
        boolean uncounted = said + hit == 0;
        long prompt = in == null || uncounted ? reserved.in() : said;
        long all = hit > prompt ? prompt + hit : prompt; // some count what was cached apart
        long answer = out == null || in != null && uncounted && out == 0 ? reserved.out() : out;
        if (total != null && out != null && in != null && !uncounted) {
            answer = Math.max(answer, total - all); // some count thoughts apart
        }
        long counted = Math.clamp(all, 0, reserved.in());
        return new Usage(counted, Math.clamp(hit, 0, counted), Math.clamp(answer, 0, reserved.out()));
    }
}
