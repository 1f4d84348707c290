package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.StandingGrant;
import io.drover.journal.StandingGrant.Draw;
import io.drover.journal.StandingGrants;
import io.drover.json.Json;
import io.drover.tool.Approval;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which standing grants may cover a call. In doubt none does. What is left of them only the database knows. */
final class StandingRule {

    private static final Logger LOG = LoggerFactory.getLogger(StandingRule.class);
    private static final int MOST_DIGITS = 40;

    private final String tool;
    private final Approval spec;
    private final CamelContext context;
    private final StandingGrants grants;

    StandingRule(String tool, Approval spec, CamelContext context, StandingGrants grants) {
        this.tool = tool;
        this.spec = spec;
        this.context = context;
        this.grants = grants;
    }

    List<Draw> draws(GuardedCall call, Exchange exchange) {
        if (spec.need() > 1) { // one person does not decide for several
            return List.of();
        }
        List<Draw> draws = new ArrayList<>();
        for (StandingGrant grant : grants.inForce(tool)) {
            boolean mayVote = spec.approvers().isEmpty() || spec.approvers().contains(grant.who());
            if (mayVote && grant.definition() == call.identity().tool().definition() && holds(grant, exchange)) {
                BigDecimal amount = grant.sumOf() == null ? null : amount(call, grant.sumOf());
                if (amount != null || grant.sumOf() == null) {
                    draws.add(new Draw(grant.id(), amount));
                }
            }
        }
        return draws;
    }

    private boolean holds(StandingGrant grant, Exchange exchange) {
        if (grant.condition() == null) {
            return true;
        }
        String name = "tool:%s: the condition '%s' of standing grant %d".formatted(tool, grant.condition(), grant.id());
        try {
            return Boolean.TRUE.equals(new ArgumentTest(name, grant.condition(), context).holds(exchange));
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be evaluated, so it covers no call: {}", name, e.toString());
            return false;
        }
    }

    /** Null where it is no number that can be added up. */
    private static @Nullable BigDecimal amount(GuardedCall call, String argument) {
        try {
            JsonNode value = Json.parse(call.identity().document()).path(argument);
            if (!value.isNumber()) {
                return null;
            }
            BigDecimal amount = value.decimalValue();
            boolean bounded = amount.precision() <= MOST_DIGITS && Math.abs(amount.scale()) <= MOST_DIGITS;
            return bounded && amount.signum() >= 0 ? amount : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
