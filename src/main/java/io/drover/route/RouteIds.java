package io.drover.route;

/** The ids of running routes: the first version has the id in the file, and later versions have a number after it. */
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
