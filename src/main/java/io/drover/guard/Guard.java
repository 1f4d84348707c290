package io.drover.guard;

import io.drover.journal.Attempt;
import io.drover.journal.Fleet;
import io.drover.journal.StandingGrants;
import io.drover.json.Schema;
import io.drover.tool.Rate;
import io.drover.tool.ToolOptions;
import io.drover.tool.ToolSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.Resilience4jConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.spi.IdempotentRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Builds the guard around a tool's steps, from Camel's EIPs, in the route's model:
 *
 * <pre>{@code
 * idempotentConsumer(journal) -> policy -> [idempotentConsumer(cache) ->] throttle -> circuitBreaker(timeout) -> the author's steps -> capture the result
 * }</pre>
 */
@Component
public class Guard implements DisposableBean {

    private final GuardProperties settings;
    private final JournalRepository journal;
    private final CacheRepository cache;
    private final Fleet fleet;
    private final HeldCalls holds;
    private final RuledCalls rules;
    private final TaskFlags flags;
    private final StandingGrants standing;
    private final PlannedCalls plans;
    private final @Nullable StandIn standIn;
    private final Clock clock;
    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final BreakerCauses causes = new BreakerCauses();
    private final Map<String, FleetRate> rates = new ConcurrentHashMap<>();
    private final Deadlines deadlines = new Deadlines();
    private final Permits permits = new Permits();

    Guard(
            GuardProperties settings,
            JournalRepository journal,
            CacheRepository cache,
            Fleet fleet,
            HeldCalls holds,
            RuledCalls rules,
            TaskFlags flags,
            StandingGrants standing,
            PlannedCalls plans,
            ObjectProvider<StandIn> standIn,
            Clock clock) {
        this.settings = settings;
        this.journal = journal;
        this.cache = cache;
        this.fleet = fleet;
        this.holds = holds;
        this.rules = rules;
        this.flags = flags;
        this.standing = standing;
        this.plans = plans;
        this.standIn = standIn.getIfAvailable();
        this.clock = clock;
    }

    /**
     * A tool with the options of this environment.
     *
     * @param fromRoute the options that its route sets
     * @throws IllegalArgumentException if an option in force breaks a rule
     */
    public ToolSpec resolve(
            String name, String description, Set<String> tags, Schema arguments, ToolOptions fromRoute) {
        return ToolSpec.of(
                name,
                description,
                tags,
                arguments,
                settings.setting(name, tool -> tool.enabled, true),
                settings.options(name, fromRoute));
    }

    /** The circuit breaker of a tool; all its versions share it, so that an edit does not forget an outage. */
    public CircuitBreaker breaker(String tool) {
        return breakers.computeIfAbsent(tool, name -> {
            CircuitBreaker breaker = CircuitBreaker.of(name, breakerConfig(name));
            causes.watch(breaker);
            return breaker;
        });
    }

    /** The same failure; if a breaker is open, with the failure that opened it. */
    Failure explained(String tool, Failure failure) {
        return causes.explained(tool, failure);
    }

    /** Why policy forbids a call, or null. */
    @Nullable
    String refusal(String workflow, ToolSpec tool) {
        return GuardPolicy.refusal(settings, workflow, tool);
    }

    /** Whether the flag of a tool lets the task call it. */
    boolean allows(TaskContext context, ToolSpec tool) {
        return flags.allow(context, tool);
    }

    boolean leasesHold() {
        return fleet.leasesHold();
    }

    FleetRate rate(ToolSpec spec) {
        FleetRate rate = rates.get(spec.name());
        if (rate == null) {
            throw new IllegalStateException("tool:%s was found before its guard was built".formatted(spec.name()));
        }
        return rate;
    }

    /** Whether the route's steps stand inside a guard. */
    public static boolean isAround(RouteDefinition route) {
        List<ProcessorDefinition<?>> outputs = route.getOutputs();
        return outputs.size() == 1
                && outputs.get(0) instanceof IdempotentConsumerDefinition replay
                && replay.getOutputs().size() == 1
                && replay.getOutputs().get(0) instanceof PolicyDefinition ring
                && ring.getPolicy() instanceof GuardPolicy;
    }

    /** Puts the guard around the steps of a tool's route. */
    public void buildAround(RouteDefinition route, ToolSpec spec, CamelContext context) {
        context.getRegistry().bind(breakerBean(spec.name()), breaker(spec.name()));
        context.getRegistry().bind(stepsBean(spec.name()), new StepsExecutor(deadlines, spec.timeout()));
        FleetRate rate = rates.compute(
                spec.name(),
                (name, before) -> before != null && before.is(spec.throttle()) ? before : rate(spec.throttle()));

        List<ProcessorDefinition<?>> steps =
                new ArrayList<>(standIn == null ? route.getOutputs() : standIn.inPlaceOf(spec, route.getOutputs()));
        boolean sendsUnseen = Steps.all(steps).stream().anyMatch(Guard::mayHideWhatItSends);
        steps.addFirst(new ProcessDefinition(exchange -> Try.of(exchange).entered(sendsUnseen)));
        steps.addLast(new ProcessDefinition(new CaptureResult(journal)));

        CircuitBreakerDefinition circuitBreaker = new CircuitBreakerDefinition();
        circuitBreaker.setResilience4jConfiguration(resilience(spec));
        circuitBreaker.setOutputs(steps);

        ThrottleDefinition throttle = new ThrottleDefinition(new ExpressionDefinition((Expression) rate));
        throttle.setTimePeriodMillis(Long.toString(spec.throttle().period().toMillis()));
        throttle.setRejectExecution("true");
        throttle.executorService(permits.executor());

        List<ProcessorDefinition<?>> call = List.of(throttle, circuitBreaker);
        if (spec.cache() != null) {
            call = List.of(unlessIn(cache, CacheRepository.BEAN, spec, call));
        }
        PolicyDefinition policy = new PolicyDefinition(new GuardPolicy(
                spec,
                settings,
                journal,
                holds,
                rules,
                flags,
                new ApprovalRule(spec.name(), spec.approval(), context, journal, standing, plans),
                plans));
        policy.setOutputs(call);
        IdempotentConsumerDefinition replay = unlessIn(journal, JournalRepository.BEAN, spec, List.of(policy));

        route.getOutputs().clear();
        route.getOutputs().add(replay);
        adopt(route, List.of(replay));
    }

    /** Processors of Drover's own, too: the steps of tools made by code send requests, and Camel does not know which. */
    private static boolean mayHideWhatItSends(ProcessorDefinition<?> step) {
        return step instanceof ProcessDefinition || CodeSteps.isOne(step);
    }

    private FleetRate rate(Rate rate) {
        return standIn == null
                ? new FleetRate(rate, fleet::sharing)
                : new FleetRate(rate, fleet::sharing, standIn::nanoTime, () -> 0);
    }

    /** Waits before a call is tried again; the end of its attempt ends the wait. */
    void pause(Attempt attempt, Duration delay) throws InterruptedException {
        if (standIn == null) {
            attempt.pause(delay);
        } else {
            standIn.pass(delay);
        }
    }

    /** Makes the call only if the repository has no result for it. */
    private static IdempotentConsumerDefinition unlessIn(
            IdempotentRepository repository, String bean, ToolSpec spec, List<? extends ProcessorDefinition<?>> call) {
        IdempotentConsumerDefinition unless =
                new IdempotentConsumerDefinition(new ConstantExpression(spec.name()), repository);
        unless.setIdempotentRepository(bean);
        unless.setCompletionEager("true");
        unless.setOutputs(List.copyOf(call));
        return unless;
    }

    private static void adopt(ProcessorDefinition<?> parent, List<? extends ProcessorDefinition<?>> children) {
        for (ProcessorDefinition<?> child : children) {
            child.setParent(parent);
            if (child instanceof PolicyDefinition
                    || child instanceof IdempotentConsumerDefinition
                    || child instanceof CircuitBreakerDefinition) {
                adopt(child, child.getOutputs());
            }
        }
    }

    private Resilience4jConfigurationDefinition resilience(ToolSpec spec) {
        Resilience4jConfigurationDefinition config = new Resilience4jConfigurationDefinition();
        config.setCircuitBreaker(breakerBean(spec.name()));
        config.setThrowExceptionWhenHalfOpenOrOpenState("true");
        config.setTimeoutEnabled("true");
        config.setTimeoutDuration(Long.toString(spec.timeout().toMillis())); // its executor waits no longer
        config.setTimeoutExecutorService(stepsBean(spec.name()));
        if (spec.concurrency() > 0) {
            config.setBulkheadEnabled("true");
            config.setBulkheadMaxConcurrentCalls(Integer.toString(spec.concurrency()));
            config.setBulkheadMaxWaitDuration("0");
        }
        return config;
    }

    private CircuitBreakerConfig breakerConfig(String tool) {
        return CircuitBreakerConfig.custom()
                .failureRateThreshold(breakerSetting(tool, ToolSettings.Breaker::failureRate, 50f))
                .slidingWindowSize(breakerSetting(tool, ToolSettings.Breaker::window, 100))
                .minimumNumberOfCalls(breakerSetting(tool, ToolSettings.Breaker::minimumCalls, 20))
                .waitDurationInOpenState(breakerSetting(tool, ToolSettings.Breaker::waitOpen, Duration.ofSeconds(10)))
                .permittedNumberOfCallsInHalfOpenState(breakerSetting(tool, ToolSettings.Breaker::trialCalls, 5))
                .recordException(FailureClassifier::countsAgainstBreaker)
                .clock(clock)
                .build();
    }

    private <T> T breakerSetting(String tool, java.util.function.Function<ToolSettings.Breaker, T> field, T ours) {
        return settings.setting(tool, said -> said.breaker == null ? null : field.apply(said.breaker), ours);
    }

    private static String breakerBean(String tool) {
        return "droverBreaker-" + tool;
    }

    private static String stepsBean(String tool) {
        return "droverSteps-" + tool;
    }

    Permits permits() {
        return permits;
    }

    @Override
    public void destroy() {
        permits.close();
        deadlines.close();
    }
}
