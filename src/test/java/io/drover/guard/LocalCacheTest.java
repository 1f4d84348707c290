package io.drover.guard;

/** The cache in the process. */
class LocalCacheTest extends CacheTestBase {}
