/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The recorder writes facts from the end of its buffer towards its start: turned round they are in order, and sorting
 * is left to traces of others.
 */
#include "tied.h"

#include "../shim/format/varint.h"
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

/* The parts of a key. No batch has as many events as there are positions. */
enum { POSITION = 48, NUMBER = 40, POSITIONS = 1 << 16, PLACES = 1 << 20 };

static bool add(struct gt_tied *tied, const struct gt_tied_place *place)
{
	struct gt_tied_place *places = tied->place;

	if (tied->n == tied->room) {
		size_t room = tied->room == 0 ? 64 : 2 * tied->room;

		places = realloc(places, room * sizeof(*places));
		if (places == NULL)
			return false;
		tied->place = places;
		tied->room = room;
	}
	places[tied->n++] = *place;
	return true;
}

/* Adds the places of one payload. False when memory is short. */
static bool scan(struct gt_tied *tied, const uint8_t *p, const uint8_t *end)
{
	struct gt_tied_place place;
	uint8_t number;

	p += GT_FACTS_MAGIC_LEN;
	while ((place.body = gt_fact_skip(&p, end, &number)) != NULL) {
		uint64_t position;

		if (!gt_fact_is_known(number) || gt_fact_spec[number].tied != GT_TIE_EVENT ||
		    gt_varint_get(place.body, p, &position) == NULL || position >= POSITIONS)
			continue;
		place.key = position << POSITION | (uint64_t)number << NUMBER | tied->n;
		place.len = (uint32_t)(p - place.body);
		if (!add(tied, &place))
			return false;
	}
	return true;
}

/* Parses what was not there before; *shape is where it is. False when memory is short. */
static bool learn(struct gt_tied *tied, const struct gt_unpacked *r, uint32_t *shape)
{
	if (tied->nshapes == tied->shapes_room) {
		size_t room = tied->shapes_room == 0 ? 64 : 2 * tied->shapes_room;
		void *at = realloc(tied->shape, room * sizeof(*tied->shape));

		if (at == NULL)
			return false;
		tied->shape = at;
		tied->shapes_room = room;
	}
	*shape = UINT32_MAX;
	if (r->is_tied && gt_fact_is_known(r->number) &&
	    gt_fact_fields(r->number, r->fields, r->len, &tied->shape[tied->nshapes]))
		*shape = (uint32_t)tied->nshapes++;
	return true;
}

/* The same as scan(), of a packed payload. */
static bool scan_packed(struct gt_tied *tied, const uint8_t *p, const uint8_t *end)
{
	uint32_t shapes[GT_PACK_SLOTS];
	struct gt_unpacker u;
	struct gt_unpacked r;

	gt_unpack_open(&u, p, end);
	while (gt_unpack_next(&u, &r)) {
		struct gt_tied_place place = {.key = r.position << POSITION | (uint64_t)r.number << NUMBER | tied->n};

		if (r.is_new && !learn(tied, &r, &shapes[r.slot]))
			return false;
		place.len = shapes[r.slot];
		if (place.len != UINT32_MAX && r.position < POSITIONS && tied->n < PLACES && !add(tied, &place))
			return false;
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct gt_tied_place *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static void sort(struct gt_tied *tied)
{
	struct gt_tied_place *place = tied->place;

	for (size_t i = 0, k = tied->n; i + 1 < k--; i++) {
		struct gt_tied_place other = place[i];

		place[i] = place[k];
		place[k] = other;
	}
	for (size_t i = 1; i < tied->n; i++) {
		if (place[i - 1].key > place[i].key) {
			qsort(place, tied->n, sizeof(*place), by_key);
			return;
		}
	}
}

static void find_due(struct gt_tied *tied)
{
	tied->due = tied->next < tied->n ? tied->place[tied->next].key >> POSITION : UINT64_MAX;
}

/* Room for one more payload, which stays where it is when others come. NULL when memory is short. */
static struct gt_room *room_of(struct gt_tied *tied, size_t i)
{
	if (i == tied->nrooms) {
		struct gt_room *rooms = realloc(tied->rooms, (i + 1) * sizeof(*rooms));

		if (rooms == NULL)
			return NULL;
		tied->rooms = rooms;
		rooms[i] = (struct gt_room){0};
		tied->nrooms++;
	}
	return &tied->rooms[i];
}

int gt_tied_open(struct gt_tied *tied, const struct gt_batch *batch, const struct gt_input *in, struct gt_error *err)
{
	size_t i = 0;

	tied->of = batch;
	tied->n = tied->next = tied->nshapes = 0;
	for (const struct gt_batch *b = batch->tied; b != NULL; b = b->tied) {
		struct gt_room *room = room_of(tied, i++);
		const uint8_t *data = room != NULL ? gt_batch_payload(b, in, room, err) : NULL;

		if (data == NULL || !(gt_unpack_needed(data) ? scan_packed : scan)(tied, data, data + b->len))
			return gt_error_set(err, GT_ERR_IO, "not enough memory");
	}
	sort(tied);
	find_due(tied);
	return 0;
}

void gt_tied_free(struct gt_tied *tied)
{
	for (size_t i = 0; i < tied->nrooms; i++)
		free(tied->rooms[i].bytes);
	free(tied->rooms);
	free(tied->place);
	free(tied->shape);
	memset(tied, 0, sizeof(*tied));
}

static struct gt_fact_record *one_more(struct gt_fact_list *list)
{
	if (list->n == list->room) {
		size_t room = list->room == 0 ? 4 : 2 * list->room;
		void *at = realloc(list->at, room * sizeof(*list->at));

		if (at == NULL)
			return NULL;
		list->at = at;
		list->room = room;
	}
	return &list->at[list->n];
}

bool gt_tied_get(struct gt_tied *tied, uint64_t index, struct gt_fact_list *list)
{
	list->n = 0;
	while (tied->due < index) {
		tied->next++;
		find_due(tied);
	}
	for (size_t i = tied->next; i < tied->n && tied->place[i].key >> POSITION == index; i++) {
		const struct gt_tied_place *place = &tied->place[i];
		struct gt_fact_record *fact = one_more(list);

		if (fact == NULL)
			return false;
		if (place->body != NULL) {
			list->n += gt_fact_parse((uint8_t)(place->key >> NUMBER), place->body, place->len, fact);
		} else {
			*fact = tied->shape[place->len];
			fact->position = index;
			list->n++;
		}
	}
	return true;
}
