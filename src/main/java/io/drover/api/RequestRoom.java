package io.drover.api;

import io.drover.task.IntakeRoom;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicLong;

/** What the body of one request takes of the room for all of them, until it is handed over or the request ends. */
final class RequestRoom implements AsyncListener {

    private final IntakeRoom all;
    private final String caller;
    private final AtomicLong taken = new AtomicLong();
    private volatile boolean closed;

    RequestRoom(IntakeRoom all, String caller) {
        this.all = all;
        this.caller = caller;
    }

    void take(int bytes) {
        all.take(caller, bytes);
        taken.addAndGet(bytes);
        if (closed) {
            handedOver();
        }
    }

    void close() {
        closed = true;
        handedOver();
    }

    void handedOver() {
        all.giveBack(caller, taken.getAndSet(0));
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
