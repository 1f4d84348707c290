package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.cache.ResultCache;
import io.drover.guard.Settlement.Returned;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome.Origin;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Results of tools that only read, as the repository of Camel's idempotent consumer: an equal call of any task is a
 * duplicate while the result is fresh. It stands behind the journal, which records what the cache answered, so a task
 * hears the same in every attempt.
 */
@Component(CacheRepository.BEAN)
class CacheRepository extends ExchangeRepository {

    static final String BEAN = "droverCache";

    private static final Logger LOG = LoggerFactory.getLogger(CacheRepository.class);

    private final ResultCache cache;

    CacheRepository(ResultCache cache) {
        this.cache = cache;
    }

    /** @return false when the call needs no sending: it has its result */
    @Override
    public boolean add(Exchange exchange, String key) {
        Try current = Try.of(exchange);
        if (current.call().identity().afresh()) {
            return true;
        }
        String document = cache.get(key(current.call()));
        if (document == null) {
            return true;
        }
        try {
            current.settle(new Returned(Json.recorded(document), document, Origin.CACHE));
            return false;
        } catch (JsonProcessingException e) {
            LOG.warn("the cached result of tool:{} is not JSON ({}); the tool is called", key, Json.reason(e));
            return true;
        }
    }

    @Override
    public boolean confirm(Exchange exchange, String key) {
        Try current = Try.of(exchange);
        Returned result = current.result();
        Duration keep = current.call().spec().cache();
        if (result != null
                && keep != null
                && !current.call().attempt().task().mode().hasNoEffect()) {
            cache.put(key(current.call()), result.document(), keep);
        }
        return true;
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        return true; // a failure is not kept
    }

    private static String key(GuardedCall call) {
        CallIdentity which = call.identity();
        return ResultCache.key(call.spec().name(), which.tool().definition(), which.document());
    }
}
