/* One training step of the two-moons network, 2-16-16-1, written out by hand: mean hinge loss plus alpha times the sum
   of squared weights, its gradient, and the update p <- p - rate * gradient. The limit that the tape is held against.

   cc -O3 -march=native -ffast-math -shared -fPIC -o moons.so moons.c */

enum { ROWS = 100, INPUTS = 2, HIDDEN = 16 };

typedef struct {
    double w1[HIDDEN][INPUTS], b1[HIDDEN];
    double w2[HIDDEN][HIDDEN], b2[HIDDEN];
    double w3[HIDDEN], b3;
} network;

enum { COUNT = sizeof(network) / sizeof(double) };

/* Adds a row's gradient to g and returns its loss. */
static double row(const network *p, network *g, const double *x, double target)
{
    double h1[HIDDEN], h2[HIDDEN], d1[HIDDEN] = {0}, d2[HIDDEN];

    for (int j = 0; j < HIDDEN; j++) {
        double z = p->b1[j] + p->w1[j][0] * x[0] + p->w1[j][1] * x[1];
        h1[j] = z > 0 ? z : 0;
    }
    for (int j = 0; j < HIDDEN; j++) {
        double z = p->b2[j];
        for (int i = 0; i < HIDDEN; i++)
            z += p->w2[j][i] * h1[i];
        h2[j] = z > 0 ? z : 0;
    }
    double score = p->b3;
    for (int i = 0; i < HIDDEN; i++)
        score += p->w3[i] * h2[i];

    double loss = 1 - target * score;
    if (loss <= 0)
        return 0; /* outside the margin: neither loss nor gradient */

    double d = -target;
    g->b3 += d;
    for (int j = 0; j < HIDDEN; j++) {
        g->w3[j] += d * h2[j];
        d2[j] = h2[j] > 0 ? d * p->w3[j] : 0;
    }
    for (int j = 0; j < HIDDEN; j++) {
        g->b2[j] += d2[j];
        for (int i = 0; i < HIDDEN; i++) {
            g->w2[j][i] += d2[j] * h1[i];
            d1[i] += d2[j] * p->w2[j][i];
        }
    }
    for (int j = 0; j < HIDDEN; j++) {
        double e = h1[j] > 0 ? d1[j] : 0;
        g->b1[j] += e;
        g->w1[j][0] += e * x[0];
        g->w1[j][1] += e * x[1];
    }
    return loss;
}

/* So many steps; returns the loss that the last of them saw before its update. */
double moons(long steps, double rate, double alpha, double *parameters, const double (*x)[INPUTS], const double *targets)
{
    double loss = 0;
    while (steps-- > 0) {
        network g = {0};
        double hinge = 0, norm = 0;
        for (int n = 0; n < ROWS; n++)
            hinge += row((const network *)parameters, &g, x[n], targets[n]);
        const double *gradient = (const double *)&g;
        for (int k = 0; k < COUNT; k++) {
            double p = parameters[k];
            norm += p * p;
            parameters[k] = p - rate * (gradient[k] / ROWS + 2 * alpha * p);
        }
        loss = hinge / ROWS + alpha * norm;
    }
    return loss;
}
