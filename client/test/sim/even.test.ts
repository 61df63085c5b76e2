import { simulate } from './simulate.js'

simulate(1)
