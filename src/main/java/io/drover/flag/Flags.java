package io.drover.flag;

import com.fasterxml.jackson.databind.JsonNode;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import io.drover.start.RefusedToStartException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the provider of flags: that of the file, or a bean of the user's own, which never holds a task up for long. */
@Component
public class Flags implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Flags.class);

    /** A provider that hangs keeps this many threads, and no more. */
    private static final int MOST_UNDER_WAY = 200;

    private final FlagsInForce inForce;
    private final FlagProperties settings;
    private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
    private final Client client;
    private final @Nullable ExecutorService executor;
    private final @Nullable Future<?> ready; // of a bean
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);

    Flags(FlagsInForce inForce, FlagProperties settings, ObjectProvider<FeatureProvider> beans) {
        this.inForce = inForce;
        this.settings = settings;
        List<FeatureProvider> own = beans.stream().toList();
        this.client = api.getClient();
        if (settings.provider() == FlagProperties.Provider.FILE) {
            if (!own.isEmpty()) {
                throw new RefusedToStartException(
                        "there is a bean that provides flags (%s), and drover.flags.provider is file; set it to bean, so that the bean is asked in place of flags.yaml"
                                .formatted(own.getFirst().getClass().getName()));
            }
            this.executor = null;
            this.ready = null;
            api.setProviderAndWait(new FileProvider(inForce));
            return;
        }
        if (own.size() != 1) {
            throw new RefusedToStartException(
                    "drover.flags.provider is bean, and there are %d beans of type %s; there must be one"
                            .formatted(own.size(), FeatureProvider.class.getName()));
        }
        this.executor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("flags-", 0).factory());
        this.ready = start(executor, own.getFirst());
    }

    /** Until it is ready, tasks that ask for a flag wait; a start does not wait for it for long. */
    private Future<?> start(ExecutorService threads, FeatureProvider provider) {
        Future<?> ready = threads.submit(() -> api.setProviderAndWait(provider));
        try {
            ready.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the provider of flags is not ready after {}", settings.timeout());
        } catch (ExecutionException e) {
            LOG.error("the provider of flags could not be started", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ready;
    }

    /** Whether flags stand in the file. */
    public boolean areOfFile() {
        return executor == null;
    }

    /** Why no flag can be asked for now, or null. */
    public @Nullable String missing() {
        if (ready != null) {
            return ready.isDone() ? null : "tasks that ask for a flag wait until the provider of flags is ready";
        }
        return inForce.current() == null ? inForce.missing() : null;
    }

    /**
     * What a flag is.
     *
     * @param key        by which those are chosen who get a variant
     * @param attributes what else is known about the task
     */
    public Resolution resolve(String flag, String key, Map<String, JsonNode> attributes) {
        Map<String, Value> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(name, Values.of(value)));
        EvaluationContext context = new ImmutableContext(key, values);
        return executor == null ? asked(flag, context) : bounded(executor, flag, context);
    }

    private Resolution bounded(ExecutorService threads, String flag, EvaluationContext context) {
        if (!underWay.tryAcquire()) {
            return failed("the provider of flags has not answered %d questions".formatted(MOST_UNDER_WAY));
        }
        Future<Resolution> answer = threads.submit(() -> {
            try {
                return asked(flag, context);
            } finally {
                underWay.release();
            }
        });
        try {
            return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return failed("the provider of flags has not answered within " + settings.timeout());
        } catch (ExecutionException | CancellationException e) {
            return failed("the provider of flags failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("its thread was interrupted");
        }
    }

    /** Most providers say what a flag is without being told its type; others are asked for each. */
    private Resolution asked(String flag, EvaluationContext context) {
        FlagEvaluationDetails<Value> any = client.getObjectDetails(flag, new Value(), context);
        if (any.getErrorCode() != ErrorCode.TYPE_MISMATCH) {
            return resolution(any, Function.identity());
        }
        FlagEvaluationDetails<Boolean> truth = client.getBooleanDetails(flag, false, context);
        if (truth.getErrorCode() != ErrorCode.TYPE_MISMATCH) {
            return resolution(truth, Value::new);
        }
        FlagEvaluationDetails<String> text = client.getStringDetails(flag, "", context);
        return text.getErrorCode() != ErrorCode.TYPE_MISMATCH
                ? resolution(text, Value::new)
                : resolution(client.getDoubleDetails(flag, 0.0, context), Value::new);
    }

    private static <T> Resolution resolution(FlagEvaluationDetails<T> details, Function<T, Value> value) {
        if (details.getErrorCode() != null) {
            String message = details.getErrorMessage();
            return failed(message == null ? details.getErrorCode().name() : message);
        }
        T found = details.getValue();
        String reason = details.getReason();
        return new Resolution(
                found == null ? null : Values.json(value.apply(found)),
                details.getVariant(),
                reason == null ? "UNKNOWN" : reason,
                details.getErrorMessage());
    }

    private static Resolution failed(String problem) {
        return new Resolution(null, null, "ERROR", problem);
    }

    @Override
    public void destroy() {
        api.shutdown();
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
