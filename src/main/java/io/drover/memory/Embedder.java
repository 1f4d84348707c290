package io.drover.memory;

import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Turns a text into a vector of length 1 that stands for its meaning. The model is loaded when it is first needed; a process
 * that remembers nothing pays nothing.
 */
@Component
class Embedder implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Embedder.class);
    private static final int MOST_THREADS = 4;

    /** Native code pins the carrier of a virtual thread, so it runs on threads of its own, which end when idle. */
    private final ThreadPoolExecutor threads;

    private @Nullable EmbeddingModel model;

    Embedder() {
        int size = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                size,
                size,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("embed-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The vector of a text; of a long one, the mean of its parts.
     *
     * @return null when the text holds nothing that the model reads
     */
    float @Nullable [] embed(String text) throws InterruptedException {
        Future<float @Nullable []> vector = threads.submit(() -> compute(text));
        try {
            return vector.get();
        } catch (InterruptedException e) {
            vector.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the embedding model failed: " + e.getCause(), e.getCause());
        }
    }

    private float @Nullable [] compute(String text) {
        if (text.isBlank()) {
            return null;
        }
        EmbeddingModel loaded = model();
        try {
            return loaded.embed(text).content().vector();
        } catch (IllegalArgumentException e) {
            return null; // no token is left of it
        }
    }

    private synchronized EmbeddingModel model() {
        EmbeddingModel loaded = model;
        if (loaded == null) {
            long began = System.nanoTime();
            loaded = new MiniLm();
            model = loaded;
            LOG.info("the embedding model was loaded in {} ms", (System.nanoTime() - began) / 1_000_000);
        }
        return loaded;
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
