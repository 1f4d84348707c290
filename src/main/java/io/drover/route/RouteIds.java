package io.drover.route;

/** Names of running routes: a file's route has its own id, its later versions have a number behind it. */
public final class RouteIds {

    private static final char VERSION = '@';

    private RouteIds() {}

    /** The id of the n-th version. */
    static String version(String id, int n) {
        return n == 1 ? id : id + VERSION + n;
    }

    /** The id in the file. */
    public static String logical(String routeId) {
        int version = routeId.indexOf(VERSION);
        return version < 0 ? routeId : routeId.substring(0, version);
    }
}
