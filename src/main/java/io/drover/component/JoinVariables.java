package io.drover.component;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * {@code aggregationStrategy: joinVariables}: after a multicast or a split the route has the variables that the branches
 * set or changed, and the body that it had before. Without it Camel keeps only what the last branch set.
 */
@Component("joinVariables")
class JoinVariables implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange joined, Exchange branch, Exchange input) {
        if (joined != null) {
            branch.getVariables().forEach((name, value) -> {
                if (input == branch || value != input.getVariable(name)) { // else it is as all branches got it
                    joined.setVariable(name, value);
                }
            });
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
