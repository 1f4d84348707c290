package io.drover.route;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * An author's aggregation strategy, around which a branch's failure stays one: most strategies take the body of what
 * failed, and the work would count as done. A failure that a branch catches by {@code doTry} is none.
 */
final class FailingBranches extends ServiceSupport implements AggregationStrategy {

    private final AggregationStrategy strategy;

    private FailingBranches(AggregationStrategy strategy) {
        this.strategy = strategy;
    }

    /** Puts it around the strategy of a step that has one; Camel's own, without one, hands failures on. */
    static void heed(ProcessorDefinition<?> step, CamelContext context) {
        EnrichDefinition declared = new EnrichDefinition(); // Camel finds the strategies of some steps only
        switch (step) {
            case SplitDefinition split -> {
                declared.setAggregationStrategy(split.getAggregationStrategyBean());
                declared.setAggregationStrategy(split.getAggregationStrategy());
                declared.setAggregationStrategyMethodName(split.getAggregationStrategyMethodName());
                declared.setAggregationStrategyMethodAllowNull(split.getAggregationStrategyMethodAllowNull());
                split.setAggregationStrategy(around(declared, context));
            }
            case MulticastDefinition multicast -> {
                declared.setAggregationStrategy(multicast.getAggregationStrategyBean());
                declared.setAggregationStrategy(multicast.getAggregationStrategy());
                declared.setAggregationStrategyMethodName(multicast.getAggregationStrategyMethodName());
                declared.setAggregationStrategyMethodAllowNull(multicast.getAggregationStrategyMethodAllowNull());
                multicast.setAggregationStrategy(around(declared, context));
            }
            case RecipientListDefinition<?> list -> {
                declared.setAggregationStrategy(list.getAggregationStrategyBean());
                declared.setAggregationStrategy(list.getAggregationStrategy());
                declared.setAggregationStrategyMethodName(list.getAggregationStrategyMethodName());
                declared.setAggregationStrategyMethodAllowNull(list.getAggregationStrategyMethodAllowNull());
                list.setAggregationStrategy(around(declared, context));
            }
            default -> {}
        }
    }

    private static @Nullable AggregationStrategy around(EnrichDefinition declared, CamelContext context) {
        AggregationStrategy strategy = new Strategies(context, declared).getConfiguredAggregationStrategy(declared);
        if (strategy == null || strategy instanceof FailingBranches) {
            return strategy;
        }
        CamelContextAware.trySetCamelContext(strategy, context);
        return new FailingBranches(strategy);
    }

    /** Finds a strategy as Camel does. */
    private static final class Strategies extends ProcessorReifier<EnrichDefinition> {

        Strategies(CamelContext context, EnrichDefinition declared) {
            super(context, declared);
        }

        @Override
        public Processor createProcessor() {
            throw new UnsupportedOperationException("it finds strategies, and makes no processor");
        }
    }

    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange branch) {
        return aggregate(before, branch, null);
    }

    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange branch, @Nullable Exchange input) {
        Exception failure = before == null ? null : before.getException();
        if (failure == null) {
            failure = branch.getException();
        }
        Exchange answer =
                input == null ? strategy.aggregate(before, branch) : strategy.aggregate(before, branch, input);
        if (failure == null) {
            return answer;
        }
        Exchange failed = answer == null ? branch : answer;
        failed.setException(failure);
        return failed;
    }

    @Override
    public void onCompletion(Exchange exchange) {
        strategy.onCompletion(exchange);
    }

    @Override
    public void onCompletion(Exchange exchange, Exchange input) {
        strategy.onCompletion(exchange, input);
    }

    @Override
    public void timeout(Exchange before, int index, int total, long timeout) {
        strategy.timeout(before, index, total, timeout);
    }

    @Override
    protected void doBuild() {
        ServiceHelper.buildService(strategy);
    }

    @Override
    protected void doInit() {
        ServiceHelper.initService(strategy);
    }

    @Override
    protected void doStart() {
        ServiceHelper.startService(strategy);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(strategy);
    }

    @Override
    protected void doShutdown() {
        ServiceHelper.stopAndShutdownService(strategy);
    }
}
