package io.drover.model;

import io.drover.start.Bounds;
import io.drover.tool.Rate;
import io.drover.tool.ToolOptions;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One language model: {@code drover.models.<name>.*}.
 *
 * @param url             its address, as in {@code https://api.openai.com/v1}
 * @param model           its name there
 * @param apiKey          the key; refer to a secret, as in {@code ${OPENAI_API_KEY}}
 * @param apiKeyHeader    the header that carries the key: {@code Authorization} as a bearer token, any other as it is
 * @param headers         further headers of each request, by name
 * @param body            further members of each request's body: a JSON object
 * @param type            {@code openai} for chat completions, or a LangChain4j class whose jar is on the class path
 * @param timeout         for one try
 * @param retries         tries after the first, in one attempt of the task
 * @param throttle        calls for the whole fleet
 * @param concurrency     concurrent calls in one process; 0 for no limit
 * @param maxOutputTokens the longest answer that is asked for; each call reserves its price
 * @param maxOutputTokensField how a chat completion calls that limit
 * @param returnReasoning whether thoughts and signatures go back to the model that they came from
 * @param maxAnswerBytes  the longest answer that is read
 * @param price           in dollars for a million tokens
 * @param fallback        the model to ask when this one fails, is refused by its breaker, or is too dear for what is
 *                        left
 */
public record ModelSettings(
        String url,
        String model,
        @Nullable String apiKey,
        @DefaultValue("Authorization") String apiKeyHeader,
        @DefaultValue Map<String, String> headers,
        @Nullable String body,
        @DefaultValue(OPENAI) String type,
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("3") int retries,
        @DefaultValue("1000/1s") String throttle,
        @DefaultValue("0") int concurrency,
        @DefaultValue("4096") int maxOutputTokens,
        @DefaultValue("auto") Dialect.OutputField maxOutputTokensField,
        @DefaultValue("true") boolean returnReasoning,
        @DefaultValue("1048576") int maxAnswerBytes,
        @DefaultValue Price price,
        @Nullable String fallback) {

    /** The type of models that speak OpenAI's chat completions. */
    static final String OPENAI = "openai";

    /** The same under its former name. */
    private static final String OPENAI_BEFORE = "dev.langchain4j.model.openai.OpenAiChatModel";

    /**
     * Room for what is recorded beside an answer's bytes, each of which may need an escape.
     * So an answer that was paid for is not refused for its length.
     */
    private static final int ABOUT_AN_ANSWER = 10_000;

    private static final Duration BACKOFF = Duration.ofMillis(500);
    private static final Bounds<Integer> ANSWER_BYTES =
            Bounds.of(1, ToolOptions.MAX_RESULT_BYTES.most() - ABOUT_AN_ANSWER, 1 << 20);

    /** @param property the prefix of the settings, as in {@code drover.models.default} */
    void check(String property) {
        ToolOptions.TIMEOUT.check(property + ".timeout", timeout);
        ToolOptions.RETRIES.check(property + ".retries", retries);
        ToolOptions.CONCURRENCY.check(property + ".concurrency", concurrency);
        ANSWER_BYTES.check(property + ".max-answer-bytes", maxAnswerBytes);
        Rate.check(property + ".throttle", throttle);
        Bounds.of(1, 10_000_000, 4096).check(property + ".max-output-tokens", maxOutputTokens);
        Price.DOLLARS.check(property + ".price.in", price.in());
        Price.DOLLARS.check(property + ".price.cached", price.cached());
        Price.DOLLARS.check(property + ".price.out", price.out());
        RequestRules.check(property, this);
    }

    /** Whether it speaks OpenAI's chat completions. */
    boolean speaksCompletions() {
        return type.equals(OPENAI) || type.equals(OPENAI_BEFORE);
    }

    /** As options of its tool. */
    ToolOptions options() {
        ToolOptions options = new ToolOptions();
        options.setReadOnlyHint(true);
        options.setThrottle(throttle);
        options.setConcurrency(concurrency);
        options.setTimeout(timeout);
        options.setRetries(retries);
        options.setBackoff(BACKOFF);
        options.setMaxResultBytes(
                (int) Math.min(ToolOptions.MAX_RESULT_BYTES.most(), 2L * maxAnswerBytes + ABOUT_AN_ANSWER));
        if (fallback != null) {
            options.setFallback(ToolSpec.MODEL + fallback);
        }
        return options;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "%s at %s".formatted(model, url);
    }

    /**
     * Dollars for a million tokens.
     *
     * @param in     of the prompt
     * @param cached of the prompt, if the provider had them cached; defaults to {@code in}
     * @param out    of the answer
     */
    public record Price(
            @DefaultValue("0") BigDecimal in, @Nullable BigDecimal cached, @DefaultValue("0") BigDecimal out) {

        private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
        private static final Bounds<BigDecimal> DOLLARS = Bounds.ofDollars(1_000_000, "0.25");

        /** What these tokens cost, in dollars. */
        BigDecimal of(Usage usage) {
            BigDecimal cachedPrice = cached == null ? in : cached;
            return in.multiply(BigDecimal.valueOf(usage.in() - usage.cached()))
                    .add(cachedPrice.multiply(BigDecimal.valueOf(usage.cached())))
                    .add(out.multiply(BigDecimal.valueOf(usage.out())))
                    .divide(MILLION)
                    .stripTrailingZeros();
        }
    }
}
