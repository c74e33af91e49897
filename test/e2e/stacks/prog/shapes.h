/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions of the chain above a primitive. Each has another kind of frame, so that an unwinder needs another rule to
 * leave it. Above the last one of them, primitive->call() is called.
 */
typedef void shape(int depth, const struct descent *descent);

static shape plain, registers, inlined, variable, allocated, aligned, aligned_variable, large, stacked_arguments;
static shape *const shapes[] = {plain,   registers,        inlined, variable,         allocated,
				aligned, aligned_variable, large,   stacked_arguments};

static inline __attribute__((always_inline)) void descend(int depth, const struct descent *descent)
{
	if (depth > 0)
		shapes[(size_t)depth % (sizeof(shapes) / sizeof(*shapes))](depth - 1, descent);
	else
		descent->primitive->call(descent->name);
	GO_ON_AFTER();
}

static void plain(int depth, const struct descent *descent)
{
	descend(depth, descent);
}

/* Every register that a function must keep is in use. */
static void registers(int depth, const struct descent *descent)
{
	volatile long source = depth;
	long a = source, b = source, c = source, d = source, e = source, f = source;

	descend(depth, descent);
	CHECK(a + b + c + d + e + f == 6L * depth);
}

static inline __attribute__((always_inline)) void inner(int depth, const struct descent *descent)
{
	descend(depth, descent);
	GO_ON_AFTER();
}

static inline __attribute__((always_inline)) void middle(int depth, const struct descent *descent)
{
	inner(depth, descent);
	GO_ON_AFTER();
}

static void inlined(int depth, const struct descent *descent)
{
	middle(depth, descent);
}

static void variable(int depth, const struct descent *descent)
{
	char bytes[depth % 50 + 1];

	IN_MEMORY(bytes);
	descend(depth, descent);
	IN_MEMORY(bytes);
}

static void allocated(int depth, const struct descent *descent)
{
	char *bytes = alloca((size_t)depth % 50 + 1);

	IN_MEMORY(bytes);
	descend(depth, descent);
	IN_MEMORY(bytes);
}

static void aligned(int depth, const struct descent *descent)
{
	_Alignas(128) char bytes[128];

	IN_MEMORY(bytes);
	descend(depth, descent);
	IN_MEMORY(bytes);
}

static void aligned_variable(int depth, const struct descent *descent)
{
	_Alignas(64) char bytes[64];
	char more[depth % 50 + 1];

	IN_MEMORY(bytes);
	IN_MEMORY(more);
	descend(depth, descent);
	IN_MEMORY(bytes);
}

static void large(int depth, const struct descent *descent)
{
	char bytes[10000];

	IN_MEMORY(bytes);
	descend(depth, descent);
	IN_MEMORY(bytes);
}

static __attribute__((noinline)) int many(int a, int b, int c, int d, int e, int f, int g, int depth,
					  const struct descent *descent)
{
	descend(depth, descent);
	return a + b + c + d + e + f + g;
}

static void stacked_arguments(int depth, const struct descent *descent)
{
	if (depth > 0) /* two frames in one step */
		CHECK(many(1, 2, 3, 4, 5, 6, 7, depth - 1, descent) == 28);
	else
		descend(depth, descent);
}
