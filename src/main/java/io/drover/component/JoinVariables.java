package io.drover.component;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * {@code aggregationStrategy: joinVariables}: after a multicast or a split the route has the variables that the branches
 * set, and the body that it had before. Without it Camel keeps only what the last branch set.
 */
@Component("joinVariables")
class JoinVariables implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange joined, Exchange branch, Exchange input) {
        if (joined != null) {
            branch.getVariables().forEach(joined::setVariable);
            if (joined.getException() == null) {
                joined.setException(branch.getException());
            }
            return joined;
        }
        branch.getMessage().setBody(input.getMessage().getBody());
        return branch;
    }

    @Override
    public Exchange aggregate(Exchange joined, Exchange branch) {
        return aggregate(joined, branch, branch);
    }
}
